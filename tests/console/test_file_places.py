"""Files that a command line names: no command overwrites what it reads or what figures rest on, by whatever name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from terminal.command import chitieu
from terminal.folders import BIRTHS, fill

AREAS = "code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis\nA,commune,xa,Xã A,,,2000-01-01,,\n"
MEASURE = BIRTHS + "split: {weight: population}\n"
DAYS = ("--from", "2009-12-31", "--to", "2010-01-01")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    texts = {
        "chitieu.toml": '[folders]\nlake = "kho"\n',
        "catalog/areas/areas.csv": AREAS,
        "catalog/measures/vital/births.yaml": MEASURE,
        "in.csv": "ref_area,time_period,obs_value\nA,2005,3\n",
        "weigh.csv": "ref_area,time_period,obs_value\nA,2005,9\n",
        "kho/lake.sqlite": "",
        "ledger.sqlite": "",
    }
    fill(tmp_path, texts)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def restate(workspace: Path, *words: str, code: int = 0, lang: str = "en") -> str:
    return chitieu(workspace, "restate", *words, "--measure", "vital.births", *DAYS, code=code, lang=lang)


def test_neither_the_figures_nor_the_weights_are_overwritten(workspace: Path) -> None:
    os.link("in.csv", "hard.csv")
    Path("soft.csv").symlink_to("in.csv")
    before = Path("in.csv").read_bytes()
    for name in ("in.csv", "./catalog/../in.csv", str(workspace / "in.csv"), "hard.csv", "soft.csv"):
        told = restate(workspace, "in.csv", "-o", name, code=2)
        assert "the file that is read (FILE)" in told
        assert "[output.is-input]" in told
    assert "(--weights)" in restate(workspace, "in.csv", "--weights", "weigh.csv", "-o", "weigh.csv", code=2)
    assert "sẽ bị ghi đè" in restate(workspace, "in.csv", "-o", "in.csv", code=2, lang="vi")
    assert Path("in.csv").read_bytes() == before
    restate(workspace, "in.csv", "-o", "out.csv")
    restate(workspace, "in.csv", "-o", "out.csv")  # an older answer is replaced
    assert Path("out.csv").read_text("utf-8").startswith("ref_area,area_basis,time_period,obs_value")


@pytest.mark.parametrize(
    "words",
    [
        ("restate", "in.csv", "--measure", "vital.births", *DAYS, "-o"),
        ("sql", "SELECT 1", "-o"),
        ("areas", "missing-weights", "--template"),
        ("handover", "A", "-o"),
        ("report", "render", "any", "--period", "2024", "--as", "json", "-o"),
    ],
)
def test_nothing_is_written_over_what_the_workspace_holds(workspace: Path, words: tuple[str, ...]) -> None:
    suffix = ".html" if words[0] == "handover" else ".csv"
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    for folder in ("catalog/areas/areas", "catalog/new", "kho/new"):
        told = chitieu(workspace, *words, folder + suffix, code=2)
        assert f"{words[-1]}: '{folder}{suffix}' lies in" in told
        assert "[output.in-workspace]" in told
    assert "no folder 'nowhere'" in chitieu(workspace, *words, f"nowhere/x{suffix}", code=2)
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["chitieu.toml", "ledger.sqlite", "kho/lake.sqlite"])
def test_settings_ledger_and_lake_are_kept(workspace: Path, name: str) -> None:
    asked = ("report", "render", "any", "--period", "2024", "--as", "json", "-o", name)
    assert "lies in" in chitieu(workspace, *asked, code=2)


def test_a_file_that_is_not_there_is_wrong_usage(workspace: Path) -> None:
    told = restate(workspace, "no.csv", "--weights", "none.csv", code=2)
    assert "FILE: there is no file 'no.csv'" in told
    assert "--weights: there is no file 'none.csv'" in told
    assert "FILE: 'catalog' is a folder" in restate(workspace, "catalog", code=2)
    assert "không có tệp «no.csv»" in restate(workspace, "no.csv", code=2, lang="vi")
