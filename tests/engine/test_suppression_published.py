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
    "codelists/CL_AGE.csv": "code,name_vi,name_en,parent\nY,Trẻ,Young,\nY0,a,a,Y\nY5,b,b,Y\nO,Già,Old,\n",
    "measures/people.yaml": """id: people
name: {vi: Dân số, en: People}
unit: PERSON
decimals: 0
level: commune
dimensions: {age: CL_AGE}
areas: {rule: sum}
time: {rule: flow}
""",
    "measures/income.yaml": """id: income
name: {vi: Thu nhập, en: Income}
unit: MILLION_VND
decimals: 1
level: commune
dimensions: {age: CL_AGE}
areas: {rule: mean, by: people}
time: {rule: none}
""",
    "indicators/rate.yaml": """id: rate
name: {vi: Tỷ lệ, en: Rate}
unit: PERCENT
decimals: 1
frequency: A
levels: [commune]
versions:
  - valid_from: "2000-01-01"
    basis: [{document: x}]
    formula: women / people * 100
    inputs:
      women: {measure: cases, where: {sex: F}}
      people: people
""",
    "models/people.yaml": """id: people
name: {vi: x, en: x}
source: x
area_basis: "2025-06-30"
items: {"": {measure: people}}
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
    people = workspace / "people.csv"
    people.write_text("ref_area,time_period,obs_value\nA,2024,100\nB,2024,50\n", encoding="utf-8")
    chitieu(workspace, "load", str(people), "--dataset", "people")
    chitieu(workspace, "run", "--period", "2024")
    found = rows(
        workspace,
        "SELECT ref_area, dimensions, obs_value, obs_status FROM restated WHERE measure = 'cases' ORDER BY 1, 2",
    )
    assert [tuple(row.values()) for row in found] == [
        ("A", "", "10", "A"), ("A", "sex=F", "", "Q"), ("A", "sex=M", "", "Q"),
        ("B", "", "9", "A"), ("B", "sex=F", "5", "A"), ("B", "sex=M", "4", "A"),
        ("M", "", "19", "A"), ("M", "sex=F", "", "Q"), ("M", "sex=M", "", "Q"),
    ]  # fmt: skip
    told = rows(workspace, "SELECT rule, ref_area FROM findings WHERE rule = 'restate.protected'")
    assert [row["ref_area"] for row in told] == ["A"]
    query = "SELECT ref_area, obs_value, obs_lower, obs_upper FROM indicator_values WHERE indicator = '{}' ORDER BY 1"
    values = rows(workspace, query.format("cases_all"))
    assert [tuple(row.values())[:2] for row in values] == [("A", ""), ("B", "9"), ("M", "")]
    rates = rows(workspace, query.format("rate"))
    assert [tuple(row.values()) for row in rates] == [("A", "", "0", ""), ("B", "10", "10", "10"), ("M", "", "3.3", "")]


def restated(workspace: Path, measure: str, figures: str, weights: str | None = None) -> dict[tuple[str, str], str]:
    """The values of one day's areas restated to the same day, then to the next, by area and age."""
    found = {}
    words = []
    for name, text in ((measure, figures), ("weights", weights)):
        if text is not None:
            (workspace / f"{name}.csv").write_text("ref_area,time_period,age,obs_value,obs_status\n" + text)
    if weights is not None:
        words = ["--weights", str(workspace / "weights.csv")]
    for day in ("2025-06-30", "2025-07-01"):
        file = str(workspace / f"{measure}.csv")
        text = chitieu(workspace, "restate", file, "--measure", measure, "--from", "2025-06-30", "--to", day, *words)
        found |= {(row["ref_area"], row["age"]): row["obs_value"] for row in csv.DictReader(io.StringIO(text))}
    return found


AGES = """A,2024,,10,A
A,2024,Y,9,A
A,2024,Y0,,Q
A,2024,Y5,5,A
A,2024,O,1,A
B,2024,,4,A
B,2024,Y,3,A
B,2024,Y0,2,A
B,2024,Y5,1,A
B,2024,O,1,A
"""


def test_a_code_of_the_list_does_not_tell_its_part(workspace: Path) -> None:
    found = restated(workspace, "people", AGES)
    assert {key: value for key, value in found.items() if key[0] != "B"} == {
        ("A", ""): "10", ("A", "Y"): "9", ("A", "Y0"): "", ("A", "Y5"): "", ("A", "O"): "1",
        ("M", ""): "14", ("M", "Y"): "12", ("M", "Y0"): "", ("M", "Y5"): "", ("M", "O"): "2",
    }  # fmt: skip


def test_means_do_not_tell_a_suppressed_weight(workspace: Path) -> None:
    means = AGES.replace("A,2024,Y0,,Q", "A,2024,Y0,12.5,A").replace("A,2024,Y5,5,A", "A,2024,Y5,6.2,A")
    found = restated(workspace, "income", means, AGES)
    told = {age for (area, age), value in found.items() if area == "A" and value}
    assert told == {"Y0", "Y5", "O"}
    assert {age for (area, age), value in found.items() if area == "M" and value} == {"O"}
