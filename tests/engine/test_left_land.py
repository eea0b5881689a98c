"""Land that is in no area of the day asked for is told with its figures, by measure and in a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from engine.frames import OBSERVATIONS
from engine.left_land import from_nowhere, left_land
from engine.question import Question
from engine.run import run
from indicators.areas import Area, Change, Register, Weight
from indicators.catalog import Catalog
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Indicator, Input, Measure, Name, Version

FIRST, THEN = date(2000, 1, 1), date(2010, 1, 1)
BEFORE = date(2009, 12, 31)
NAME = Name("Thử", "Trial")
MEASURE = Measure("x.births", NAME, "PERSON", 0, "commune", AreaRule("sum"), "stock", {"sex": "CL_SEX"})
AREAS = tuple(
    Area(code, "commune", "xa", code, code, "", FIRST, THEN if code == "C" else None) for code in ("A", "C", "D")
)
CHANGES = (Change(THEN, "breakdown", "C", ""), Change(THEN, "split_off", "D", ""), Change(THEN, "split_off", "D", "D"))
SHARE = Weight(THEN, "D", "", "population", None, Decimal("0.25"), "measured")


def figures(*given: tuple[str, str, str, int | None]) -> pl.DataFrame:
    rows: list[Any] = [
        ("x.births", code, BEFORE, period, dimensions, None if value is None else Decimal(value), "A", "l", "f.csv:1")
        for code, period, dimensions, value in given
    ]
    return pl.DataFrame(rows, schema=OBSERVATIONS, orient="row")


def told(rows: pl.DataFrame, measure: Measure = MEASURE, *, weighted: bool = False, back: bool = False) -> list[str]:
    register = Register(AREAS, CHANGES, (SHARE,) if weighted else ())
    days = (THEN, BEFORE) if back else (BEFORE, THEN)
    areas = correspondence(register, *days, "commune", "commune", "population" if weighted else None)
    return [finding.en.split("in no row: ")[1] for finding in left_land(rows, measure, areas)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((("C", "2009", "", 30),), ["C 30"]),
        ((("C", "2008", "", 0), ("C", "2009", "", 3)), ["C 0", "C 3"]),
        ((("C", "2009", "sex=F", 10), ("C", "2009", "sex=M", 20)), ["C 30"]),  # no total was given
        ((("C", "2009", "", 30), ("C", "2009", "sex=F", 10)), ["C 30"]),
        ((("D", "2009", "", 8),), ["D 0…8"]),
        ((("A", "2009", "", 8),), []),
        ((("C", "2009", "", None),), []),  # what is not known takes nothing along
    ],
)
def test_each_period_names_the_areas_with_their_totals(rows: Any, expected: list[str]) -> None:
    assert told(figures(*rows)) == expected


def test_a_firm_share_tells_how_much_left() -> None:
    assert told(figures(("D", "2009", "", 8)), weighted=True) == ["D 2…2"]


def test_of_what_does_not_add_up_only_the_areas_are_named() -> None:
    assert told(figures(("C", "2009", "", 30)), replace(MEASURE, areas=AreaRule("max"))) == ["C"]


def test_going_back_nothing_is_in_no_area() -> None:
    assert told(figures(("D", "2011", "", 8)), back=True) == []


def test_a_run_tells_it_too(shipped: Catalog) -> None:
    version = Version(FIRST, (), "n", {"n": Input("x.births")})
    indicator = Indicator("x.published", NAME, "PERSON", 0, "A", ("commune",), (version,))
    catalog = replace(
        shipped, register=Register(AREAS, CHANGES), measures={"x.births": MEASURE}, reports={},
        indicators={"x.published": indicator},
    )  # fmt: skip
    result = run(catalog, figures(("C", "2009", "", 30)), Question((indicator,), ("2009",), (THEN,), ""), "catalog")
    assert [finding.severity for finding in result.findings if finding.rule == "restate.left"] == ["warning"]


def test_an_area_that_no_row_gives_land_to_is_named() -> None:
    cut = Area("S", "commune", "xa", "S", "S", "", FIRST, THEN)
    born = tuple(Area(code, "commune", "xa", code, code, "", THEN, None) for code in ("X", "Y"))
    row = Change(THEN, "breakdown", "S", "X")

    def named(*changes: Change) -> list[str | None]:
        register = Register((*AREAS[:1], cut, *born), changes)
        areas = correspondence(register, BEFORE, THEN, "commune", "commune", None)
        return [finding.ref_area for finding in from_nowhere(MEASURE, areas)]

    assert named(row) == ["Y"]  # its row was forgotten: X would have all of S
    assert named(row, Change(THEN, "breakdown", "S", "Y")) == []
    assert named(row, Change(THEN, "new_land", "", "Y")) == []
