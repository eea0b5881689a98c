"""Exit codes, and what is said: a command line that means nothing is wrong usage (2), what is held is data (1)."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from engine.workspace import Workspace
from indicators.findings import UsageFault
from terminal.command import chitieu
from terminal.folders import BIRTHS, fill

AREAS = """\
code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
D,district,huyen,Huyện D,,,2000-01-01,2010-01-01,
A,commune,xa,Xã A,,D,2000-01-01,2010-01-01,
A,commune,xa,Xã A,,,2010-01-01,,
"""
INDICATOR = """\
id: vital.all
name: {vi: Số trẻ sinh, en: Births}
unit: PERSON
decimals: 0
frequency: A
levels: [commune]
versions:
  - {valid_from: "2000-01-01", basis: [{document: x}], formula: b, inputs: {b: vital.births}}
"""
DAYS = ("--from", "2009-12-31", "--to", "2010-01-01")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    texts = {
        "chitieu.toml": "",
        "catalog/areas/areas.csv": AREAS,
        "catalog/areas/changes.csv": "effective,kind,from_code,to_code,part,legal_basis,note\n",
        "catalog/measures/vital/births.yaml": BIRTHS,
        "catalog/indicators/vital/all.yaml": INDICATOR,
        "births.csv": "ref_area,time_period,obs_value\nA,2005,3\n",
    }
    fill(tmp_path, texts)
    return tmp_path


@pytest.mark.parametrize(("option", "level"), [("--level", "nope"), ("--to-level", "nope"), ("--to-level", "district")])
def test_a_level_that_is_not_there_is_wrong_usage_in_every_command(workspace: Path, option: str, level: str) -> None:
    file = str(workspace / "births.csv")
    for command in (("areas", "correspondence"), ("restate", file, "--measure", "vital.births")):
        assert f"{option}: there is no level '{level}'" in chitieu(workspace, *command, *DAYS, option, level, code=2)


def test_an_area_that_nobody_knows_is_wrong_usage_and_one_without_a_figure_is_not(workspace: Path) -> None:
    asked = ("explain", "vital.all", "--period", "2005", "--area")
    assert "'zz' is no area code" in chitieu(workspace, *asked, "zz", code=2)
    assert "is no area code on 1999-01-01" in chitieu(workspace, *asked, "A", "--on", "1999-01-01", code=2)
    assert "no published vital.all" in chitieu(workspace, *asked, "A", code=1)


def test_a_folder_without_a_register_is_wrong_usage(tmp_path: Path) -> None:
    for words in (("restate", "x.csv", "--measure", "m", *DAYS), ("areas", "missing-weights"), ("areas", "find", "x")):
        assert "there is no folder" in chitieu(tmp_path, *words, code=2)


@pytest.mark.parametrize("command", ["init", "demo"])
def test_a_folder_that_can_never_be_one_is_wrong_usage(tmp_path: Path, command: str) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    for place in (file, file / "inside", tmp_path / ("x" * 300)):
        told = chitieu(tmp_path, command, str(place), code=2)
        assert "choose a new folder" in told
        assert "workspace.place" in told
    assert file.read_text("utf-8") == "x"


@pytest.mark.parametrize(("number", "fault"), [(errno.EACCES, UsageFault), (errno.ENOSPC, OSError)])
def test_no_right_to_write_is_wrong_usage_and_a_full_disk_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fault: type[Exception]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(fault):
        Workspace.create(tmp_path / "new")


@pytest.mark.parametrize(
    ("words", "vi", "en"),
    [
        (("run", "--bogus"), "không có tuỳ chọn --bogus", "No such option: --bogus"),
        (("areas", "find", "x", "--formt", "csv"), "(có thể là: --format)", "(Possible options: --format)"),
        (("nosuch",), "không có lệnh 'nosuch'", "No such command 'nosuch'"),
        (("areas", "hist"), "có phải là 'history'", "Did you mean 'history'"),
        (("run",), "thiếu tuỳ chọn '--period'", "Missing option '--period'"),
        (("areas", "find"), "thiếu tham số 'text'", "Missing argument 'text'"),
        (("areas", "find", "a", "b"), "thừa tham số (b)", "extra argument(s) (b)"),
        (("run", "--period"), "tuỳ chọn '--period' cần một giá trị", "requires an argument"),
        (
            ("areas", "find", "x", "--format", "zz"),
            "'zz' không phải là một trong 'table', 'csv', 'json'",
            "is not one of",
        ),
        (("sandbox", "--port", "x"), "'--port': phải là một số nguyên", "valid integer"),
        (("sandbox", "--port", "-1"), "'--port': phải lớn hơn hoặc bằng 0", "greater than or equal to 0"),
        (("--lang", "fr", "run"), "giá trị không dùng được: --lang", "Invalid value: --lang"),
        ((), "thiếu lệnh", "Missing command"),
    ],
)
def test_what_the_parser_refuses_is_said_in_both_languages(
    workspace: Path, words: tuple[str, ...], vi: str, en: str
) -> None:
    said, usage = chitieu(workspace, *words, code=2).splitlines()
    first, _, second = said.partition(" / ")
    assert vi in first
    assert en in second
    assert said.endswith("[usage.command-line]")
    assert usage.startswith("cách dùng / usage: chitieu")
    assert usage.endswith(" --help")
