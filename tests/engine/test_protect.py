"""Secondary suppression, on tables that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl

from engine.frames import NUM
from engine.protect import protect
from engine.row_space import RowSpace, telling
from indicators.areas import Area, Change, Register
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name

AGES = {"child": "", "baby": "child", "pupil": "child", "adult": ""}
LISTS = {"CL_AGE": Codelist("CL_AGE", {code: Code(code, Name(code, code), up) for code, up in AGES.items()})}
OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
CASES = Measure("cases", Name("c", "c"), "CASE", 0, "commune", AreaRule("sum"), "flow",
                dimensions={"age": "CL_AGE", "sex": "CL_SEX"})  # fmt: skip
MEAN = replace(CASES, areas=AreaRule("mean", by="people"))
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


def withheld(
    frame: pl.DataFrame, measure: Measure = CASES, weights: pl.DataFrame | None = None
) -> set[tuple[str, str, str]]:
    after = protect(frame, measure, REGISTER, LISTS, weights)
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


def test_overlapping_categories_and_indices_are_not_sums() -> None:
    table = figures({"": 10, "sex=F": None, "sex=M": 6})
    assert dims(table, replace(CASES, dimension_rules={"sex": "none"})) == set()
    assert dims(table, replace(CASES, areas=AreaRule("none"))) == set()


def test_a_code_is_the_sum_of_its_parts() -> None:
    assert dims(figures({"age=child": 9, "age=baby": None, "age=pupil": 5, "age=adult": 7})) == {"age=pupil"}
    assert dims(figures({"": 16, "age=child": 9, "age=baby": None, "age=adult": 7})) == set()
    everywhere = figures({"age=baby": 1, "age=pupil": 1, "age=adult": 1}, "B")
    told = figures({"": 16, "age=child": None, "age=baby": 4, "age=pupil": 5, "age=adult": 7})
    assert dims(pl.concat([told, everywhere])) == {"age=baby", "age=adult"}


def test_one_part_alone_does_not_make_up_a_code() -> None:
    assert dims(figures({"age=child": 9, "age=baby": None})) == set()
    assert dims(figures({"age=child": None, "age=baby": 4})) == set()


def test_parts_that_have_all_of_a_total_together_tell_that_the_rest_is_nothing() -> None:
    table = {"": 9, "age=baby": 4, "age=pupil": 5, "age=adult;sex=F": None, "age=adult;sex=M": None}
    assert dims(figures(table)) == {"age=baby"}
    assert dims(figures(table), replace(CASES, signed=True)) == set()


def test_figures_that_contradict_each_other_still_tell_a_sum_of_nothing() -> None:
    table = {"": 9, "age=child": 0, "age=child;sex=F": None, "age=adult": 8, "sex=F": 5, "sex=M": 4}
    assert dims(figures(table)) == {"age=child"}


def test_a_quarter_and_the_other_half_of_a_half_year_have_no_months_in_common() -> None:
    given = {"2024-01": 1, "2024-02": 2, "2024-Q1": None, "2024-Q2": 8, "2024-S1": 20}
    table = pl.concat([figures({"": value}, period=text) for text, value in given.items()])
    assert withheld(table) == {("A", "2024-Q2", "")}


def test_a_mean_is_worked_out_from_the_mean_of_all_and_the_others() -> None:
    table = figures({"": 10, "sex=F": None, "sex=M": 6})
    assert dims(table, MEAN) == {"sex=M"}
    assert dims(figures({"": 0, "sex=F": None, "sex=M": None}), MEAN) == {""}
    assert dims(figures({"": 5, "age=child": 5, "age=adult;sex=F": None, "age=adult;sex=M": None}), MEAN) == set()


def test_means_that_tell_a_suppressed_weight_are_withheld() -> None:
    means = figures({"": 10, "sex=F": 14, "sex=M": 6})
    weights = figures({"": 10, "sex=F": None, "sex=M": None})
    assert {text for _, _, text in withheld(means, MEAN, weights)} == {""}
    assert withheld(means, MEAN, figures({"": 10, "sex=F": 4, "sex=M": 6})) == set()
    assert withheld(means, MEAN, figures({"": None}, period="2023")) == set()
    both = pl.concat([figures({"": 3}, "A"), figures({"": 5}, "B"), figures({"": 4}, "M", day=NEW)])
    assert withheld(both, MEAN, figures({"": None})) == {("M", "2024", "")}


def test_the_largest_of_all_tells_who_has_it() -> None:
    peak = replace(CASES, areas=AreaRule("max"))
    assert dims(figures({"": 9, "sex=F": None, "sex=M": 5}), peak) == {""}
    assert len(dims(figures({"": None, "sex=F": 9, "sex=M": 5}), peak)) == 1
    assert dims(figures({"sex=F": None, "sex=M": 5}), peak) == set()


def test_an_index_of_the_very_same_area_under_another_code_is_withheld() -> None:
    table = pl.concat([figures({"": None}, "A"), figures({"": None}, "C"),
                       figures({"": 9}, "M", day=NEW), figures({"": 8}, "N", day=NEW)])  # fmt: skip
    index = replace(CASES, areas=AreaRule("none"))
    assert withheld(table, index) == {("N", "2024", "")}
    assert withheld(table, replace(CASES, areas=AreaRule("max"))) == {("M", "2024", ""), ("N", "2024", "")}


def test_months_of_new_areas_are_withheld_where_the_year_of_the_old_one_would_tell() -> None:
    months = [figures({"": 4}, "M", f"2024-0{n}", NEW) for n in (1, 2, 3)]
    table = pl.concat([figures({"": None}, "A", "2024-01"), figures({"": 5}, "A", "2024-Q1"), *months,
                       figures({"": 4}, "M", "2024-04", NEW)])  # fmt: skip
    assert withheld(table) == {("M", f"2024-0{n}", "") for n in (1, 2, 3)}
    stock = replace(CASES, time="stock")
    assert withheld(table, stock) == {("M", "2024-01", "")}


def test_a_list_of_moves_says_that_nobody_moved_elsewhere() -> None:
    moves = replace(CASES, dimensions={}, internal_flow="to")
    others = figures({"to=C": 3, "to=M": 2}, "B")
    assert dims(pl.concat([figures({"": 10, "to=B": None, "to=C": 6}), others]), moves) == {"to=C"}
    assert dims(pl.concat([figures({"": 10, "to=B": None}, period="2023"), figures({"to=C": 1})]), moves) == {""}
    at_odds = [figures({"": 0, "to=B": None}, period="2024-01"), figures({"to=C": 1})]  # the year's list has no B
    assert dims(pl.concat(at_odds), moves) == set()


def test_a_category_that_only_other_areas_have_counts_as_one() -> None:
    table = pl.concat([figures({"": 10, "sex=F": None, "sex=M": 6}), figures({"sex=X": 1}, "B")])
    assert dims(table) == set()  # A may have some of X


def test_what_explains_a_sum_is_as_small_as_it_can_be() -> None:
    a, b, c = frozenset("a"), frozenset("b"), frozenset("c")
    assert RowSpace([a | b, b | c, c]).explained(a) == [0, 1, 2]
    assert RowSpace([a | b, b | c]).explained(a) is None
    assert telling([a], [(a | b, 3), (c, 1), (b, 2)], signed=True) == [[0, 2]]
    assert telling([a], [(a | b, 3), (c, 1)], signed=True) == []
    assert telling([c, a], [(b, 2), (a | b, 3), (a | b | c, 9), (c, 6)], signed=True) == [[1, 2], [0, 1]]
    assert telling([a], [(c, 1), (a | b, 0), (b, 0)], signed=False) == [[1, 2]]
    assert telling([a], [(c, 1), (a | b | c, 1)], signed=False) == [[0, 1]]
