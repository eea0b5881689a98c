"""`chitieu restate` on a workspace that holds nothing but areas and a measure, as a province officer would use it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from terminal.command import chitieu
from terminal.folders import BIRTHS, fill

AREAS = """\
code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
A,commune,xa,Xã A,,,2000-01-01,2010-01-01,
B,commune,xa,Xã B,,,2000-01-01,2010-01-01,
C,commune,xa,Xã C,,,2010-01-01,2020-01-01,
A,commune,xa,Xã A,,,2020-01-01,,
B,commune,xa,Xã B,,,2020-01-01,,
"""
CHANGES = """\
effective,kind,from_code,to_code,part,legal_basis,note
2010-01-01,merger,A,C,,NQ 1,
2010-01-01,merger,B,C,,NQ 1,
2020-01-01,re_establishment,C,A,A@2009-12-31,NQ 2,
2020-01-01,re_establishment,C,B,B@2009-12-31,NQ 2,
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    texts = {"areas/areas.csv": AREAS, "areas/changes.csv": CHANGES, "measures/vital/births.yaml": BIRTHS}
    return fill(tmp_path, {f"catalog/{name}": text for name, text in texts.items()})


def restated(workspace: Path, text: str, first: str, last: str, *more: str) -> dict[str, dict[str, str]]:
    file = workspace / "births.csv"
    file.write_text(text, encoding="utf-8")
    asked = ("restate", str(file), "--measure", "vital.births", "--from", first, "--to", last, *more)
    return {row["ref_area"]: row for row in csv.DictReader(io.StringIO(chitieu(workspace, *asked)))}


def test_a_merger_that_was_undone_comes_back_exact(workspace: Path) -> None:
    found = restated(workspace, "ref_area,time_period,obs_value\nA,2005,3\nB,2005,4\n", "2009-12-31", "2020-01-01")
    assert {code: (row["obs_value"], row["basis"]) for code, row in found.items()} == {
        "A": ("3", "reported"),
        "B": ("4", "reported"),
    }


def test_on_the_very_day_and_one_day_before_and_after(workspace: Path) -> None:
    text = "ref_area,time_period,obs_value\nA,2005,3\nB,2005,4\n"
    for last, areas in (
        ("2009-12-31", {"A", "B"}),
        ("2010-01-01", {"C"}),
        ("2010-01-02", {"C"}),
        ("2019-12-31", {"C"}),
    ):
        assert set(restated(workspace, text, "2009-12-31", last)) == set(areas)
    whole = restated(workspace, text, "2009-12-31", "2010-01-01")["C"]
    assert (whole["obs_value"], whole["basis"], whole["area_basis"]) == ("7", "exact", "2010-01-01")


def test_the_parts_of_a_whole_are_not_guessed(workspace: Path) -> None:
    found = restated(workspace, "ref_area,time_period,obs_value\nC,2015,7\n", "2015-06-01", "2020-01-01")
    assert [(row["obs_value"], row["obs_lower"], row["obs_upper"], row["basis"]) for row in found.values()] == [
        ("", "0", "7", "partial"),
        ("", "0", "7", "partial"),
    ]


def test_columns_are_those_of_the_contract(workspace: Path) -> None:
    found = restated(workspace, "ref_area,time_period,obs_value\nA,2005,3\nB,2005,4\n", "2009-12-31", "2010-01-01")
    assert list(found["C"]) == [
        "ref_area", "area_basis", "time_period",
        "obs_value", "obs_lower", "obs_upper", "obs_status", "basis", "coverage",
    ]  # fmt: skip


def test_results_go_to_any_kind_of_file(workspace: Path) -> None:
    text = "ref_area,time_period,obs_value\nA,2005,3\nB,2005,4\n"
    for kind in ("csv", "json", "parquet", "xlsx"):
        assert restated(workspace, text, "2009-12-31", "2010-01-01", "-o", str(workspace / f"out.{kind}")) == {}
    assert pl.read_parquet(workspace / "out.parquet")["obs_value"].to_list() == [7]
    sheet = openpyxl.load_workbook(workspace / "out.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:4:3] == ["C", 7]


def test_a_bad_row_refuses_the_file_whole(workspace: Path) -> None:
    file = workspace / "births.csv"
    file.write_text("ref_area,time_period,obs_value\nA,2005,3.5\nC,2005,4\n", encoding="utf-8")
    out = workspace / "out.csv"
    asked = ("restate", str(file), "--measure", "vital.births", "--from", "2009-12-31", "--to", "2010-01-01")
    told = chitieu(workspace, *asked, "-o", str(out), code=1)
    assert "births.csv:2" in told
    assert "births.csv:3" in told
    assert not out.exists()


def test_wrong_usage_says_what_is_right(workspace: Path) -> None:
    file = workspace / "births.csv"
    file.write_text("ref_area,time_period,obs_value\nA,2005,3\n", encoding="utf-8")
    days = ("--from", "2009-12-31", "--to", "2010-01-01")
    assert "vital.births" in chitieu(workspace, "restate", str(file), "--measure", "births", *days, code=2)
    wrong = ("restate", str(file), "--measure", "vital.births", "--from", "31/12/2009", "--to", "2010-01-01")
    assert "2025-07-01" in chitieu(workspace, *wrong, code=2)
    early = ("restate", str(file), "--measure", "vital.births", "--from", "1999-12-31", "--to", "2010-01-01")
    assert "2000-01-01" in chitieu(workspace, *early, code=1)


def test_backwards_over_new_land_is_not_certain(workspace: Path) -> None:
    areas = workspace / "catalog" / "areas"
    (areas / "areas.csv").write_text(
        AREAS.splitlines()[0] + "\nA,commune,xa,Xã A,,,2000-01-01,2010-01-01,\nC,commune,xa,Xã C,,,2010-01-01,,\n",
        encoding="utf-8",
    )
    header = CHANGES.splitlines()[0]
    (areas / "changes.csv").write_text(
        header + "\n2010-01-01,takeover,A,C,,NQ 1,\n2010-01-01,takeover,,C,,NQ 1,bãi bồi\n", encoding="utf-8"
    )
    back = restated(workspace, "ref_area,time_period,obs_value\nC,2015,7\n", "2015-06-01", "2009-12-31")["A"]
    assert (back["obs_value"], back["obs_lower"], back["obs_upper"], back["basis"]) == ("", "0", "7", "partial")
    ahead = restated(workspace, "ref_area,time_period,obs_value\nA,2005,7\n", "2009-12-31", "2015-06-01")["C"]
    assert (ahead["obs_value"], ahead["basis"]) == ("7", "exact")
