"""The main job on the real figures, by the command line that users type."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import Counter
from contextlib import redirect_stderr
from decimal import Decimal
from pathlib import Path

import pytest

from console.main import run
from console.shipped import FIGURES, copy_catalog
from engine.workspace import Workspace
from terminal.command import chitieu, chitieu_apart, rows

OLD, NEW = "2025-06-30", "2025-07-01"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the census and the figures of 2024 loaded."""
    folder = tmp_path_factory.mktemp("loaded")
    Workspace.create(folder)
    copy_catalog(folder)
    for dataset in ("census_2019", "nso_2024", "covid_2021"):
        chitieu(folder, "load", str(FIGURES / f"{dataset}.csv"), "--dataset", dataset)
    chitieu(folder, "load", str(FIGURES / "pci.csv"), "--dataset", "pci", code=1)  # rows before 2009 are rejected
    return folder


@pytest.fixture(scope="module")
def published(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "ws"
    shutil.copytree(loaded, folder)
    for period in ("2024", "2019", "2016", "2021-10-25"):
        chitieu(folder, "run", "--period", period)
    return folder


def values(workspace: Path, indicator: str, day: str, columns: str = "*") -> list[dict[str, str]]:
    query = f"SELECT {columns} FROM indicator_values WHERE indicator = '{indicator}' AND area_basis = DATE '{day}'"
    return rows(workspace, query)


def test_provinces_keep_their_totals(published: Path) -> None:
    for indicator in ("population.total_mean", "land.total_area"):
        old, new = values(published, indicator, OLD), values(published, indicator, NEW)
        assert (len(old), len(new)) == (63, 34)
        assert sum(Decimal(row["obs_value"]) for row in old) == sum(Decimal(row["obs_value"]) for row in new)
    assert sum(Decimal(row["obs_value"]) for row in values(published, "population.total_mean", NEW)) == 101_343_900
    assert sum(Decimal(row["obs_value"]) for row in values(published, "land.total_area", NEW)) == Decimal("331326.1")


def test_grdp_per_head_is_weighed_by_population(published: Path) -> None:
    new = {row["ref_area"]: row for row in values(published, "economy.grdp_per_head", NEW)}
    assert (new["79"]["obs_value"], new["79"]["basis"], new["79"]["obs_status"]) == ("196.7", "estimated", "E")
    assert (new["04"]["basis"], new["04"]["obs_status"]) == ("reported", "P")
    with (FIGURES / "nso_2024.csv").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    parts = [row for row in source if row["province_code"] in ("79", "74", "77")]
    people = [Decimal(row["population_mean"]) for row in parts]
    heads = [Decimal(row["grdp_per_capita_million_vnd"]) for row in parts]
    weighed = sum(p * h for p, h in zip(people, heads, strict=True)) / sum(people)
    assert Decimal(new["79"]["obs_value"]) == round(weighed, 1)
    assert round(sum(heads) / 3, 1) == Decimal("233.6")  # what a plain mean would have said


def test_communes_are_exact_bounded_or_missing_and_nobody_is_lost(published: Path) -> None:
    new = [row for row in values(published, "population.census_total", NEW) if len(row["ref_area"]) == 5]
    assert len(new) == 3321
    kinds = Counter("value" if row["obs_value"] else "bounded" if row["obs_upper"] else "missing" for row in new)
    assert kinds == {"value": 2910, "bounded": 385, "missing": 26}
    assert all(row["obs_value"] != "0" for row in new)
    folder = next(
        path for path in (published / "published").iterdir() if "census" in (path / "balance.csv").read_text()
    )
    with (folder / "balance.csv").open(encoding="utf-8", newline="") as file:
        sides = [row for row in csv.DictReader(file) if row["level"] == "commune" and row["area_basis"] == NEW]
    total = {name: sum(Decimal(row[name]) for row in sides) for name in ("before", "values", "held", "unallocated")}
    assert total["before"] == 96_022_015
    assert total["before"] == total["values"] + total["held"] + total["unallocated"]
    assert total["unallocated"] > 0


def test_a_missing_province_stays_missing(published: Path) -> None:
    (row,) = [row for row in values(published, "health.covid_cases", NEW) if row["ref_area"] == "04"]
    assert (row["obs_value"], row["obs_status"], row["coverage"]) == ("", "O", "0")


def test_an_index_is_refused_on_merger_with_its_reason(published: Path) -> None:
    refused = Counter(row["basis"] for row in values(published, "governance.pci", NEW))
    assert refused == {"refused": 23, "reported": 11}
    text = chitieu(published, "explain", "governance.pci", "--area", "15", "--period", "2016", "--on", NEW)
    assert "Why refused: " in text


def test_no_code_is_read_without_its_day(published: Path) -> None:
    found = chitieu(published, "areas", "find", "15", "--format", "csv", lang="vi")
    assert "Yên Bái" in found
    assert "Lào Cai" in found
    for day, name in ((OLD, "Yên Bái"), (NEW, "Lào Cai"), ("2025-07-02", "Lào Cai"), ("2025-06-29", "Yên Bái")):
        assert name in chitieu(published, "areas", "find", "15", "--on", day, "--format", "csv", lang="vi")
        assert name in chitieu(published, "areas", "history", "15", "--on", day, lang="vi")
        asked = ("explain", "population.total_mean", "--area", "15", "--period", "2024")
        assert name in chitieu(published, *asked, "--on", day, lang="vi").splitlines()[0]
    told = chitieu(published, "explain", "population.total_mean", "--area", "15", "--period", "2024", code=2)
    assert "Yên Bái" in told
    assert "Lào Cai" in told
    named = rows(
        published,
        "SELECT v.area_basis, a.name_vi, obs_value FROM indicator_values v JOIN areas a ON a.code = v.ref_area"
        " AND a.valid_from <= v.area_basis AND (a.valid_to IS NULL OR v.area_basis < a.valid_to)"
        " WHERE indicator = 'population.total_mean' AND ref_area = '15' ORDER BY 1",
    )
    assert [(row["area_basis"], row["name_vi"], row["obs_value"]) for row in named] == [
        (OLD, "Tỉnh Yên Bái", "864400"),
        (NEW, "Tỉnh Lào Cai", "1656600"),
    ]


def test_restate_reads_the_same_code_by_its_day(published: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("ref_area,time_period,obs_value\n10,2024,700\n15,2024,300\n", encoding="utf-8")
    asked = ("restate", str(file), "--measure", "population.mean", "--to", NEW)
    out = list(csv.DictReader(io.StringIO(chitieu(published, *asked, "--from", OLD))))
    assert {row["ref_area"]: row["obs_value"] for row in out if row["obs_value"]} == {"15": "1000"}
    told = chitieu(published, *asked, "--from", NEW, code=1)  # on that day there is no province 10 any more
    assert "10" in told
    assert "2025-06-30" in told


def test_a_value_is_explained_to_its_source_rows(published: Path) -> None:
    asked = ("explain", "economy.grdp_per_head", "--area", "79", "--period", "2024", "--on", NEW, "--format", "json")
    found = json.loads(chitieu(published, *asked))
    parts = found["inputs"][0]["parts"]
    assert [part["ref_area"] for part in parts] == ["74", "77", "79"]
    assert {part["law"][0] for part in parts} == {"202/2025/QH15"}
    with (FIGURES / "nso_2024.csv").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    for part in parts:
        (observation,) = part["observations"]
        name, _, row = observation["source"].rpartition(":")
        assert name == "nso_2024.csv"
        assert source[int(row) - 1]["province_code"] == part["ref_area"]
        assert Decimal(source[int(row) - 1]["grdp_per_capita_million_vnd"]) == Decimal(observation["obs_value"])
    assert found["run"]["run_id"] == found["value"]["run_id"]
    assert len(found["loads"][0]["sha256"]) == 64


def test_the_same_run_again_changes_nothing(published: Path) -> None:
    before = rows(published, "SELECT run_id, run_seq FROM runs ORDER BY run_seq")
    files = {path: path.read_bytes() for path in (published / "published").rglob("*.*")}
    chitieu(published, "run", "--period", "2024")
    assert rows(published, "SELECT run_id, run_seq FROM runs ORDER BY run_seq") == before
    assert {path: path.read_bytes() for path in (published / "published").rglob("*.*")} == files


def test_threads_make_no_difference(loaded: Path, tmp_path: Path) -> None:
    made: dict[int, dict[str, bytes]] = {}
    for threads in (1, 2):
        folder = tmp_path / str(threads)
        shutil.copytree(loaded, folder)
        periods = ("--period", "2024", "--period", "2019", "--period", "2016")
        chitieu_apart(folder, "run", *periods, "--threads", str(threads))
        for form in ("json", "html"):
            asked = ("report", "render", "kinh_te_xa_hoi_nam", "--period", "2024", "--as", form)
            chitieu(folder, *asked, "-o", str(folder / "published" / f"report.{form}"))
        made[threads] = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted((folder / "published").rglob("*"))
            if path.is_file()
        }
    assert len(made[1]) == 8
    assert made[1] == made[2]


def test_a_run_without_figures_says_what_to_do(loaded: Path) -> None:
    assert "chitieu load" in chitieu(loaded, "run", "--period", "1999", code=1)
    assert "2024-13" in chitieu(loaded, "run", "--period", "2024-13", code=2)


def test_figures_of_old_and_new_areas_stand_together(loaded: Path, tmp_path: Path) -> None:
    folder = tmp_path / "both"
    shutil.copytree(loaded, folder)
    file = tmp_path / "new.csv"
    header = "province_code,province,year,area_km2,population_mean,grdp_per_capita_million_vnd,grdp_preliminary\n"
    file.write_text(header + "15,Tỉnh Lào Cai,2024,13257.0,1670000,73.3,true\n", encoding="utf-8")
    chitieu(folder, "load", str(file), "--dataset", "nso_2024", "--basis", NEW)
    told = chitieu(folder, "run", "--period", "2024")
    assert told == ""
    new = {row["ref_area"]: row for row in values(folder, "population.total_mean", NEW)}
    assert (new["15"]["obs_value"], new["15"]["basis"]) == ("1670000", "reported")  # as it reported itself
    assert (new["79"]["obs_value"], new["79"]["basis"]) == ("13608800", "exact")  # from its three old provinces
    old = {row["ref_area"]: row for row in values(folder, "population.total_mean", OLD)}
    assert old["15"]["obs_value"] == "864400"
    (found,) = rows(folder, "SELECT count(*) AS n FROM findings WHERE rule = 'run.several-bases'")
    assert found["n"] != "0"


def test_the_snapshot_told_is_the_one_that_shows_the_run(loaded: Path, tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    shutil.copytree(loaded, folder)
    err = io.StringIO()
    with redirect_stderr(err):
        run(["--workspace", str(folder), "--lang", "en", "run", "--period", "2024"])
    number = err.getvalue().split("snapshot ")[1].split(",")[0]
    count = "SELECT count(*) AS n FROM indicator_values"
    shown = chitieu(folder, "sql", count, "--as-of", number, "--format", "csv").split()
    before = chitieu(folder, "sql", count, "--as-of", str(int(number) - 1), "--format", "csv").split()
    assert int(shown[1]) > 0
    assert before[1] == "0"
