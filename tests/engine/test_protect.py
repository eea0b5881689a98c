"""Secondary suppression, on tables that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl

from engine.frames import NUM
from engine.protect import protect
from engine.row_space import determined, explaining
from indicators.areas import Area, Change, Register
from indicators.definitions import AreaRule, Measure, Name

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
CASES = Measure("cases", Name("c", "c"), "CASE", 0, "commune", AreaRule("sum"), "flow",
                dimensions={"age": "CL_AGE", "sex": "CL_SEX"})  # fmt: skip
REGISTER = Register(
    tuple(Area(code, "commune", "xa", code, code, "", date(2000, 1, 1), NEW) for code in "ABC")
    + tuple(Area(code, "commune", "xa", code, code, "", NEW, None) for code in "MN"),
    (Change(NEW, "merger", "A", "M"), Change(NEW, "merger", "B", "M"), Change(NEW, "code_change", "C", "N")),
)


def figures(values: dict[str, int | None], area: str = "A", period: str = "2024", day: date = OLD) -> pl.DataFrame:
    rows = [
        (area, day, period, text, None if value is None else Decimal(value), "Q" if value is None else "A")
        for text, value in values.items()
    ]
    schema = {"ref_area": pl.String, "area_basis": pl.Date, "time_period": pl.String, "dimensions": pl.String,
              "obs_value": NUM, "obs_status": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def withheld(frame: pl.DataFrame, measure: Measure = CASES) -> set[tuple[str, str, str]]:
    after = protect(frame, measure, REGISTER)
    assert after.observations.drop("obs_value", "obs_status").equals(frame.drop("obs_value", "obs_status"))
    both = frame.with_columns(after=after.observations["obs_status"], value=after.observations["obs_value"])
    changed = both.filter(pl.col("after") != pl.col("obs_status"))
    assert changed["value"].is_null().all()
    assert changed.height == len(after.findings)
    return set(changed.select("ref_area", "time_period", "dimensions").iter_rows())


def dims(frame: pl.DataFrame, measure: Measure = CASES) -> set[str]:
    return {text for _, _, text in withheld(frame, measure)}


def test_the_other_category_goes_and_the_total_stays() -> None:
    assert dims(figures({"": 10, "sex=F": None, "sex=M": 6})) == {"sex=M"}


def test_two_suppressed_categories_protect_each_other() -> None:
    assert dims(figures({"": 10, "sex=F": None, "sex=M": None})) == set()


def test_a_suppressed_total_goes_with_the_smallest_category() -> None:
    assert dims(figures({"": None, "sex=F": 4, "sex=M": 6})) == {"sex=F"}


def test_a_crossed_table_needs_a_rectangle() -> None:
    table = {"age=0;sex=F": None, "age=0;sex=M": 2, "age=1;sex=F": 3, "age=1;sex=M": 4,
             "age=0": 7, "age=1": 7, "sex=F": 8, "sex=M": 6}  # fmt: skip
    assert dims(figures(table)) == {"age=0;sex=M", "age=1;sex=F", "age=1;sex=M"}


def test_a_total_of_nothing_tells_its_parts_unless_values_may_be_negative() -> None:
    nothing = figures({"": 0, "sex=F": None, "sex=M": None})
    assert dims(nothing) == {""}
    assert dims(nothing, replace(CASES, signed=True)) == set()


def test_a_part_that_has_all_of_the_total_tells_that_the_rest_is_nothing() -> None:
    table = {"": 5, "age=0": 5, "age=1;sex=F": None, "age=1;sex=M": None}
    assert dims(figures(table)) == {"age=0"}


def test_months_make_the_quarter() -> None:
    months = [figures({"": n}, period=f"2024-0{m}") for m, n in ((1, None), (2, 4), (3, 5))]
    table = pl.concat([*months, figures({"": 12}, period="2024-Q1")])
    assert withheld(table) == {("A", "2024-02", "")}
    incomplete = pl.concat([*months[:2], figures({"": 12}, period="2024-Q1")])
    assert withheld(incomplete) == set()


def test_the_stock_of_a_year_is_that_of_its_last_day() -> None:
    table = pl.concat([figures({"": None}, period="2024-12"), figures({"": 9}, period="2024")])
    assert withheld(table, replace(CASES, time="stock")) == {("A", "2024", "")}


def test_the_same_territory_under_other_codes_is_withheld() -> None:
    table = pl.concat([figures({"": None}, "A"), figures({"": 3}, "B"), figures({"": 8}, "C"),
                       figures({"": 9}, "M", day=NEW), figures({"": 8}, "N", day=NEW),
                       figures({"": 7}, "M", "2023", NEW)])  # fmt: skip
    assert withheld(table) == {("M", "2024", "")}


def test_overlapping_categories_and_means_are_not_sums() -> None:
    table = figures({"": 10, "sex=F": None, "sex=M": 6})
    assert dims(table, replace(CASES, dimension_rules={"sex": "none"})) == set()
    assert dims(table, replace(CASES, areas=AreaRule("mean", by="x"))) == set()


def test_a_category_that_only_other_areas_have_counts_as_one() -> None:
    table = pl.concat([figures({"": 10, "sex=F": None, "sex=M": 6}), figures({"sex=X": 1}, "B")])
    assert dims(table) == set()  # A may have some of X


def test_what_explains_a_sum_is_as_small_as_it_can_be() -> None:
    a, b, c = frozenset("a"), frozenset("b"), frozenset("c")
    assert determined(a, [a | b, b | c, c])
    assert not determined(a, [a | b, b | c])
    assert explaining(a, [(a | b, 3), (c, 1), (b, 2)], signed=True) == [0, 2]
    assert explaining(a, [(a | b, 3), (c, 1)], signed=True) == []
