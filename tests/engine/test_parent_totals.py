"""Bounds narrowed by the total of the area above."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from engine.frames import RESTATED
from engine.parent_totals import narrowed, parents_of
from indicators.areas import Area, Register
from indicators.definitions import AreaRule, Measure, Name

DAY = date(2025, 7, 1)
PEOPLE = Measure("m", Name("m", "m"), "PERSON", 0, "commune", AreaRule("sum"), "stock")
Row = tuple[int | None, int | None, int | None, str, str]


def register() -> Register:
    below = [Area(code, "commune", "xa", code, code, "P", date(2000, 1, 1), None) for code in "ABC"]
    return Register((*below, Area("P", "province", "tinh", "P", "P", "", date(2000, 1, 1), None)))


def frame(rows: dict[str, Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                "m",
                code,
                DAY,
                "2024",
                "",
                *(None if n is None else Decimal(n) for n in row[:3]),
                row[3],
                row[4],
                Decimal(1),
            )
            for code, row in rows.items()
        ],
        schema=RESTATED,
        orient="row",
    )


def known(value: int, status: str = "A", basis: str = "exact") -> Row:
    return (value, value, value, status, basis)


def open_(least: int | None, most: int | None, status: str = "O") -> Row:
    return (None, least, most, status, "partial")


def after(total: Row, measure: Measure = PEOPLE, **rows: Row) -> dict[str, Row]:
    parents = parents_of(register(), DAY, "province", "commune")
    found = narrowed(frame(rows), frame({"P": total}), parents, measure)
    columns = ("obs_value", "obs_lower", "obs_upper", "obs_status", "basis")
    return {row["ref_area"]: tuple(row[name] for name in columns) for row in found.iter_rows(named=True)}  # type: ignore[misc]


def test_an_area_has_what_the_total_leaves_beside_the_others() -> None:
    found = after(known(10), A=known(4), B=open_(0, 9), C=open_(1, 3))
    assert found == {"A": known(4), "B": open_(3, 5), "C": open_(1, 3)}


def test_the_last_unknown_is_what_is_left() -> None:
    found = after(known(10, "P"), A=known(4), B=known(1), C=open_(1, None))
    assert found["C"] == known(5, "P", "exact")


def test_an_unknown_upper_bound_of_another_leaves_the_lower_one_open() -> None:
    found = after(known(10), A=known(4), B=open_(0, None), C=open_(2, None))
    assert (found["B"], found["C"]) == (open_(0, 4), open_(2, 6))


def test_beside_a_suppressed_figure_nothing_is_narrowed() -> None:
    given_rows = {"A": known(4), "B": open_(None, None, "Q"), "C": open_(0, 9)}
    assert after(known(10), **given_rows) == given_rows


def test_an_estimated_total_a_negative_possibility_and_a_mean_tell_nothing() -> None:
    rows = {"A": known(4), "B": open_(None, None), "C": open_(None, None)}
    assert after((10, 10, 10, "E", "estimated"), **rows) == rows
    assert after(known(10), replace(PEOPLE, signed=True), **rows) == rows
    assert after(known(10), replace(PEOPLE, areas=AreaRule("mean", by="x")), **rows) == rows
    assert after(known(10), **rows) == {"A": known(4), "B": open_(0, 6), "C": open_(0, 6)}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=3))
def test_the_truth_stays_within_the_narrowed_bounds(parts: list[tuple[int, int, int]]) -> None:
    rows = {code: open_(max(0, n - low), n + high) for code, (n, low, high) in zip("ABC", parts, strict=True)}
    found = after(known(sum(n for n, _, _ in parts)), **rows)
    for code, (n, _, _) in zip("ABC", parts, strict=True):
        _, least, most, _, _ = found[code]
        assert least is not None
        assert most is not None
        assert (rows[code][1] or 0) <= least <= n <= most <= (rows[code][2] or 0)
