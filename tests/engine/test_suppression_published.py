"""Suppression from the file to what is published: by `restate`, and by a run through the lake."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from engine.workspace import Workspace
from terminal.command import chitieu, rows

TEXTS = {
    "areas/areas.csv": """code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
A,commune,xa,A,A,,2020-01-01,2025-07-01,
B,commune,xa,B,B,,2020-01-01,2025-07-01,
M,commune,xa,M,M,,2025-07-01,,
""",
    "areas/changes.csv": """effective,kind,from_code,to_code,part,legal_basis,note
2025-07-01,merger,A,M,,,
2025-07-01,merger,B,M,,,
""",
    "codelists/CL_SEX.csv": "code,name_vi,name_en,parent\nF,Nữ,Female,\nM,Nam,Male,\n",
    "measures/cases.yaml": """id: cases
name: {vi: Ca, en: Cases}
unit: PERSON
decimals: 0
level: commune
dimensions: {sex: CL_SEX}
areas: {rule: sum}
time: {rule: flow}
""",
    "indicators/cases_all.yaml": """id: cases_all
name: {vi: x, en: x}
unit: PERSON
decimals: 0
frequency: A
levels: [commune]
versions:
  - valid_from: "2000-01-01"
    basis: [{document: x}]
    formula: men + women
    inputs:
      men: {measure: cases, where: {sex: M}}
      women: {measure: cases, where: {sex: F}}
""",
    "models/cases.yaml": """id: cases
name: {vi: x, en: x}
source: x
area_basis: "2025-06-30"
dimensions: {sex: sex}
items: {"": {measure: cases}}
""",
}
FIGURES = """ref_area,time_period,sex,obs_value,obs_status
A,2024,,10,A
A,2024,F,,Q
A,2024,M,6,A
B,2024,,9,A
B,2024,F,5,A
B,2024,M,4,A
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    Workspace.create(tmp_path)
    for name, text in TEXTS.items():
        file = tmp_path / "catalog" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "cases.csv").write_text(FIGURES, encoding="utf-8")
    return tmp_path


def test_restate_gives_the_total_and_neither_women_nor_men(workspace: Path) -> None:
    text = chitieu(workspace, "restate", str(workspace / "cases.csv"), "--measure", "cases", "--from", "2025-06-30",
                   "--to", "2025-07-01")  # fmt: skip
    found = {
        row["sex"]: (row["obs_value"], row["obs_upper"], row["obs_status"]) for row in csv.DictReader(io.StringIO(text))
    }
    assert found == {"": ("19", "19", "A"), "F": ("", "", "Q"), "M": ("", "", "Q")}


def test_a_run_publishes_nothing_that_gives_the_women_away(workspace: Path) -> None:
    chitieu(workspace, "load", str(workspace / "cases.csv"), "--dataset", "cases")
    chitieu(workspace, "run", "--period", "2024")
    found = rows(workspace, "SELECT ref_area, dimensions, obs_value, obs_status FROM restated ORDER BY 1, 2")
    assert [tuple(row.values()) for row in found] == [
        ("A", "", "10", "A"), ("A", "sex=F", "", "Q"), ("A", "sex=M", "", "Q"),
        ("B", "", "9", "A"), ("B", "sex=F", "5", "A"), ("B", "sex=M", "4", "A"),
        ("M", "", "19", "A"), ("M", "sex=F", "", "Q"), ("M", "sex=M", "", "Q"),
    ]  # fmt: skip
    told = rows(workspace, "SELECT rule, ref_area FROM findings WHERE rule = 'restate.protected'")
    assert [row["ref_area"] for row in told] == ["A"]
    values = rows(workspace, "SELECT ref_area, obs_value FROM indicator_values ORDER BY area_basis, ref_area")
    assert [tuple(row.values()) for row in values] == [("A", ""), ("B", "9"), ("M", "")]
