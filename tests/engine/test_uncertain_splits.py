"""What a cut without a weight leaves unallocated, by the figures that the lake holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from engine.frames import OBSERVATIONS
from engine.uncertain_splits import Uncertain, uncertain_splits
from indicators.areas import Area, Change, Register, Weight
from indicators.definitions import AreaRule, Measure, Name
from indicators.missing_weights import missing_weights

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
PEOPLE = Measure(
    "population", Name("Dân số", "Population"), "PERSON", 0, "commune", AreaRule("sum"), "stock",
    dimensions={"sex": "CL_SEX"}, split_weight="population",
)  # fmt: skip


def register(*weights: Weight) -> Register:
    areas = [Area(code, "commune", "xa", code, code, "", OLD, NEW) for code in ("A", "B", "C")]
    areas += [Area(code, "commune", "xa", code, code, "", NEW, None) for code in ("X", "Y", "Z")]
    moves = (("A", "X"), ("A", "Y"), ("A", "Z"), ("B", "X"), ("B", "Y"), ("C", "X"), ("C", "Z"))
    return Register(tuple(areas), tuple(Change(NEW, "breakdown", old, new) for old, new in moves), weights)


def observed(*rows: tuple[str, str, str, str | None], basis: date = OLD) -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("population", area, basis, period, dims, None if value is None else Decimal(value), "A", "load", "f:1")
            for area, period, dims, value in rows
        ],
        schema=OBSERVATIONS,
        orient="row",
    )


def ranked(observations: pl.DataFrame, *weights: Weight, measure: Measure = PEOPLE) -> list[Uncertain]:
    made = register(*weights)
    return uncertain_splits(observations, measure, made, missing_weights(made, "population"))


def short(found: list[Uncertain]) -> list[tuple[str, str, str | None]]:
    return [
        (one.split.area.code, one.time_period, None if one.unallocated is None else f"{one.unallocated.normalize():f}")
        for one in found
    ]


def test_the_worst_first_and_gaps_last() -> None:
    found = ranked(observed(("B", "2024", "", "100"), ("C", "2024", "", "300")))
    assert short(found) == [("C", "2024", "300"), ("B", "2024", "100"), ("A", "2024", None)]
    assert [one.share for one in found] == [Decimal("0.75"), Decimal("0.25"), None]


def test_only_the_latest_period_counts() -> None:
    found = ranked(observed(("B", "2024", "", "1"), ("B", "2019", "", "900"), ("A", "2019", "", "900")))
    assert short(found)[0] == ("B", "2024", "1")


def test_known_shares_are_not_uncertain() -> None:
    half = Weight(NEW, "A", "X", "population", None, Decimal("0.25"), "measured")
    found = ranked(observed(("A", "2024", "", "400"), ("B", "2024", "", "10")), half)
    assert short(found)[:2] == [("A", "2024", "300"), ("B", "2024", "10")]


def test_categories_that_partition_are_added_and_a_total_is_not_added_to_them() -> None:
    parts = [("B", "2024", "sex=F", "60"), ("B", "2024", "sex=M", "40")]
    assert short(ranked(observed(*parts)))[0] == ("B", "2024", "100")
    assert short(ranked(observed(*parts, ("B", "2024", "", "100"))))[0] == ("B", "2024", "100")


def test_categories_that_overlap_give_no_total() -> None:
    overlapping = Measure(**{**PEOPLE.__dict__, "dimension_rules": {"sex": "none"}})
    found = ranked(observed(("B", "2024", "sex=F", "60")), measure=overlapping)
    assert [one.unallocated for one in found] == [None, None, None]


def test_a_missing_figure_is_not_zero_and_zero_is_a_figure() -> None:
    found = ranked(observed(("A", "2024", "", None), ("B", "2024", "", "0"), ("C", "2024", "", "5")))
    assert short(found) == [("C", "2024", "5"), ("B", "2024", "0"), ("A", "2024", None)]


def test_figures_of_the_new_areas_say_nothing_of_the_old() -> None:
    assert {one.unallocated for one in ranked(observed(("X", "2026", "", "5"), basis=NEW))} == {None}
