"""Another measure's observations as weights: in a run from the lake, and from a file."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine.frames import NUM
from engine.observed_weights import observed_weights
from engine.workspace import Workspace
from indicators.definitions import AreaRule, Measure, Name
from terminal.command import chitieu, rows

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
AREAS = """code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
A,commune,xa,A,A,,2020-01-01,2025-07-01,
B,commune,xa,B,B,,2020-01-01,2025-07-01,
M,commune,xa,M,M,,2025-07-01,,
"""
CHANGES = """effective,kind,from_code,to_code,part,legal_basis,note
2025-07-01,merger,A,M,,,
2025-07-01,merger,B,M,,,
"""
MEASURE = """id: {id}
name: {{vi: {id}, en: {id}}}
unit: PERSON
decimals: 0
level: commune
areas: {{rule: sum}}
time: {{rule: stock}}
split: {{weight: people}}
"""
INDICATOR = """id: births_total
name: {vi: x, en: x}
unit: PERSON
decimals: 0
frequency: A
levels: [commune]
versions:
  - valid_from: "2000-01-01"
    basis: [{document: x}]
    formula: births
    inputs: {births: births}
"""
MODEL = """id: {id}
name: {{vi: x, en: x}}
source: x
area_basis: "{day}"
items: {{"": {{measure: {id}}}}}
"""
FIGURES = {
    "people": "ref_area,time_period,obs_value\nA,2024,10\nB,2024,30\n",
    "births": "ref_area,time_period,obs_value\nM,2025,7\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    Workspace.create(tmp_path)
    catalog = tmp_path / "catalog"
    texts = {"areas/areas.csv": AREAS, "areas/changes.csv": CHANGES, "indicators/births_total.yaml": INDICATOR}
    for name, day in (("people", OLD), ("births", NEW)):
        texts[f"measures/{name}.yaml"] = MEASURE.format(id=name)
        texts[f"models/{name}.yaml"] = MODEL.format(id=name, day=day)
        (tmp_path / f"{name}.csv").write_text(FIGURES[name], encoding="utf-8")
    for name, text in texts.items():
        (catalog / name).parent.mkdir(parents=True, exist_ok=True)
        (catalog / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_run_restates_backwards_by_what_the_lake_holds_of_the_weight(workspace: Path) -> None:
    for name in FIGURES:
        chitieu(workspace, "load", str(workspace / f"{name}.csv"), "--dataset", name)
    chitieu(workspace, "run", "--period", "2025", "--on", "2025-06-30")
    found = rows(workspace, "SELECT ref_area, obs_value, obs_lower, obs_upper, obs_status, basis FROM restated"
                 " WHERE measure = 'births' ORDER BY 1")  # fmt: skip
    assert [list(row.values()) for row in found] == [
        ["A", "2", "0", "7", "E", "estimated"],  # 1.75 and 5.25 by largest remainder
        ["B", "5", "0", "7", "E", "estimated"],
    ]
    told = chitieu(workspace, "explain", "births_total", "--area", "A", "--period", "2025", "--format", "json")
    assert '"share": "1/4"' in told
    loads = rows(workspace, "SELECT loads FROM runs")[0]["loads"]
    assert len(loads.split(",")) == 2  # the run rests on the weights, too


@pytest.mark.parametrize("more", [[], ["--weights-day", "2025-06-30"]])
def test_a_file_of_weights_estimates_and_without_it_there_are_bounds(workspace: Path, more: list[str]) -> None:
    asked = ["restate", str(workspace / "births.csv"), "--measure", "births", "--from", "2025-07-01",
             "--to", "2025-06-30"]  # fmt: skip
    bare = list(csv.DictReader(io.StringIO(chitieu(workspace, *asked))))
    assert [(row["obs_value"], row["obs_upper"], row["basis"]) for row in bare] == [("", "7", "partial")] * 2
    weighed = chitieu(workspace, *asked, "--weights", str(workspace / "people.csv"), *more)
    assert [(row["obs_value"], row["basis"]) for row in csv.DictReader(io.StringIO(weighed))] == [
        ("2", "estimated"), ("5", "estimated")]  # fmt: skip


def test_weights_that_a_measure_does_not_state_are_refused(workspace: Path) -> None:
    file = workspace / "catalog" / "measures" / "births.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("weight: people", "refuse: true"), encoding="utf-8")
    chitieu(
        workspace, "restate", str(workspace / "births.csv"), "--measure", "births", "--from", "2025-07-01",
        "--to", "2025-06-30", "--weights", str(workspace / "people.csv"), code=1,
    )  # fmt: skip


def observed(*given: tuple[str, str, str, int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [("m", code, OLD, period, dims, None if n is None else Decimal(n)) for code, period, dims, n in given],
        schema={"measure": pl.String, "ref_area": pl.String, "area_basis": pl.Date, "time_period": pl.String,
                "dimensions": pl.String, "obs_value": NUM},
        orient="row",
    )  # fmt: skip


M = Measure("m", Name("m", "m"), "PERSON", 0, "commune", AreaRule("sum"), "stock", dimensions={"sex": "CL_SEX"})


def test_the_period_in_which_most_areas_reported_counts_and_the_latest_of_those() -> None:
    given = [
        ("A", "2020", "", 1),
        ("B", "2020", "", 2),
        ("A", "2021", "", 3),
        ("B", "2021", "", 4),
        ("A", "2024", "", 5),
    ]
    assert observed_weights(observed(*given), M) == {OLD: {"A": 3, "B": 4}}


def test_a_breakdown_without_gaps_makes_the_total_and_one_with_a_gap_does_not() -> None:
    given = [
        ("A", "2020", "sex=F", 1),
        ("A", "2020", "sex=M", 2),
        ("B", "2020", "sex=F", 5),
        ("B", "2020", "sex=M", None),
    ]
    assert observed_weights(observed(*given), M) == {OLD: {"A": 3}}


def test_what_does_not_add_up_or_is_negative_weighs_nothing() -> None:
    assert observed_weights(observed(("A", "2020", "", -1), ("B", "2020", "", 4)), M) == {}
    mean = Measure("m", M.name, "PERSON", 0, "commune", AreaRule("mean", by="x"), "stock")
    assert observed_weights(observed(("A", "2020", "", 1)), mean) == {}
