"""A figure that is not what its parts make is told, and only where all parts are there and should make it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from engine.frames import NUM
from engine.margins import MOST, margin_findings
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name

NAME = Name("x", "x")
AGES = ("Y", "O", "O1", "O2")
LISTS = {
    "CL_SEX": Codelist("CL_SEX", {code: Code(code, NAME) for code in ("F", "M")}),
    "CL_AGE": Codelist("CL_AGE", {code: Code(code, NAME, "O" if code in ("O1", "O2") else "") for code in AGES}),
}
BIRTHS = Measure("births", NAME, "PERSON", 0, "commune", AreaRule("sum"), "flow", {"sex": "CL_SEX", "age": "CL_AGE"})
MOVES = replace(BIRTHS, dimensions={}, internal_flow="to")

Row = tuple[str, str, str | None] | tuple[str, str, str | None, str]


def told(rows: list[Row], measure: Measure = BIRTHS, period: str = "2009") -> list[str]:
    frame = pl.DataFrame(
        [
            (date(2009, 1, 1), area, period, text, None if value is None else Decimal(value), *(status or ("A",)))
            for area, text, value, *status in rows
        ],
        schema={
            "area_basis": pl.Date, "ref_area": pl.String, "time_period": pl.String, "dimensions": pl.String,
            "obs_value": NUM, "obs_status": pl.String,
        },
        orient="row",
    )  # fmt: skip
    return [finding.en.removesuffix("; both are kept, check the source") for finding in
            margin_findings(frame, measure, LISTS)]  # fmt: skip


def test_a_total_beside_other_categories() -> None:
    rows: list[Row] = [("A", "sex=F", "1"), ("A", "sex=M", "2"), ("A", "", "30"), ("B", "sex=F", "1"), ("B", "", "9")]
    said = ["births A 2009: the figure given is 30, but its categories by sex add up to 3"]
    assert told(rows) == said
    assert told([*rows, ("B", "sex=M", "8")]) == said  # B adds up
    assert told([*rows, ("B", "sex=M", "0")])[1:] == [
        "births B 2009: the figure given is 9, but its categories by sex add up to 1"
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("A", "sex=F", "1"), ("A", "", "30")],
        [("A", "sex=F", "1"), ("A", "sex=M", None, "Q"), ("A", "", "30")],
        [("A", "sex=F", "1"), ("A", "sex=M", "2", "P"), ("A", "", "30")],
        [("A", "sex=F", "1"), ("A", "sex=M", "2"), ("A", "", "30", "P")],
        [("A", "sex=F", "1", "E"), ("A", "sex=M", "2", "E"), ("A", "", "30", "E")],
        [("A", "sex=F", "1"), ("A", "sex=M", "2"), ("A", "", None, "O")],
        [("A", "sex=F", "1"), ("A", "sex=M", "2"), ("B", "", "30")],
        [("A", "age=O1", "1"), ("A", "age=O2", "2"), ("A", "", "30")],
    ],
)
def test_nothing_is_said_where_parts_are_missing_or_of_another_status(rows: list[Row]) -> None:
    assert told(rows) == []


def test_provisional_figures_are_compared_with_each_other() -> None:
    assert len(told([("A", "sex=F", "1", "P"), ("A", "sex=M", "2", "P"), ("A", "", "30", "P")])) == 1


def test_codes_are_made_of_those_below_them_and_the_total_of_the_topmost() -> None:
    rows: list[Row] = [("A", "age=Y", "1"), ("A", "age=O1", "2"), ("A", "age=O2", "2")]
    assert told([*rows, ("A", "age=O", "4"), ("A", "", "5")]) == []
    assert told([*rows, ("A", "age=O", "5")]) == [
        "births A 2009 age=O: the figure given is 5, but its categories by age add up to 4"
    ]
    assert told([*rows, ("A", "", "6")]) == [  # age O is not given: its parts make it
        "births A 2009: the figure given is 6, but its categories by age add up to 5"
    ]


def test_each_margin_of_a_crossed_table_is_compared() -> None:
    cells: list[Row] = [("A", f"age={age};sex={sex}", "1") for age in ("Y", "O") for sex in "FM"]
    margins: list[Row] = [("A", "sex=F", "2"), ("A", "sex=M", "3"), ("A", "age=Y", "2"), ("A", "", "5")]
    assert told([*cells, *margins]) == [
        "births A 2009 sex=M: the figure given is 3, but its categories by age add up to 2"
    ]


def test_overlapping_categories_and_means_are_not_compared() -> None:
    rows: list[Row] = [("A", "sex=F", "1"), ("A", "sex=M", "2"), ("A", "", "30")]
    assert told(rows, replace(BIRTHS, dimension_rules={"sex": "none"})) == []
    assert told(rows, replace(BIRTHS, areas=AreaRule("mean", by="population"))) == []
    assert told(rows, replace(BIRTHS, dimensions={"sex": "CL_UNKNOWN"})) == []


def test_rounded_figures_may_differ_by_what_rounding_can_do() -> None:
    area = replace(BIRTHS, decimals=1)
    assert told([("A", "sex=F", "1.1"), ("A", "sex=M", "2.2"), ("A", "", "3.4")], area) == []
    assert len(told([("A", "sex=F", "1.1"), ("A", "sex=M", "2.2"), ("A", "", "3.5")], area)) == 1


def test_a_total_beside_other_moves() -> None:
    rows: list[Row] = [("A", "to=B", "10"), ("A", "to=C", "3"), ("A", "to=A", "5"), ("A", "", "14"), ("B", "", "7")]
    assert told(rows, MOVES) == ["births A 2009: the figure given is 14, but the moves listed add up to 13"]
    assert told([*rows[:3], ("A", "", "13")], MOVES) == []


def test_many_are_counted() -> None:
    rows = [row for n in range(MOST + 3) for row in ((f"A{n:02}", "sex=F", "1"), (f"A{n:02}", "sex=M", "2"))]
    found = told([*rows, *((f"A{n:02}", "", "9") for n in range(MOST + 3))])
    assert len(found) == MOST + 1
    assert found[-1] == "births: 3 more figures are not what their parts make"
