"""Laws of territory: what must be exact is, chains compose, undone mergers come back, and levels agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.check import balance
from engine.frames import NUM
from engine.restate import restate
from indicators.areas import Area, Change, Register
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Measure, Name
from naive.cells import START, Country, random_country
from naive.lots import exact_areas, maps_of
from naive.provinces import truth, two_levels

PEOPLE = Measure("people", Name("x", "x"), "PERSON", 0, "commune", AreaRule("sum"), "stock")
SEEDS = st.integers(0, 10**9)
EVENTS = st.sampled_from([6, 12, 20, 30])
Row = dict[str, Any]


def observed(figures: dict[str, int]) -> pl.DataFrame:
    values = pl.Series([Decimal(figures[code]) for code in sorted(figures)], dtype=NUM)
    return pl.DataFrame(
        {"ref_area": sorted(figures), "time_period": "2024", "dimensions": "", "obs_value": values, "obs_status": "A"}
    )


def carried(
    register: Register, figures: dict[str, int], first: date, last: date, level: str = "commune", to: str = "commune"
) -> dict[str, Row]:
    areas = correspondence(register, first, last, level, to, None)
    result = restate(observed(figures), replace(PEOPLE, level=level), areas)
    balance(observed(figures), result, PEOPLE, areas)
    return {row["ref_area"]: row for row in result.rows.iter_rows(named=True)}


def days_of(country: Country) -> list[date]:
    """The day before, the very day and the day after of every change."""
    changed = sorted(country.maps)
    around = {day + timedelta(days=n) for day in changed for n in (-1, 0, 1)}
    return sorted(day for day in around if day >= changed[0])


def is_exact(row: Row) -> bool:
    return row["basis"] in ("exact", "reported")


@settings(max_examples=500, deadline=None)
@given(data=st.data(), seed=SEEDS, events=EVENTS)
def test_what_is_made_of_whole_areas_is_exact_and_nothing_else_that_has_people(
    data: st.DataObject, seed: int, events: int
) -> None:
    country = random_country(seed, events=events)
    first, last = data.draw(st.sampled_from(days_of(country))), data.draw(st.sampled_from(days_of(country)))
    figures = {
        code: n + 1 for code, n in country.truth(first).items()
    }  # nobody is nowhere: no zero makes a piece exact
    found = carried(country.register, figures, first, last)
    must = exact_areas(maps_of(country.register, START), first, last)
    assert {code for code, row in found.items() if is_exact(row)} == must, (seed, events, first, last)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), seed=SEEDS, events=EVENTS)
def test_by_way_of_a_third_day_is_never_better_and_the_same_where_both_are_exact(
    data: st.DataObject, seed: int, events: int
) -> None:
    country = random_country(seed, events=events)
    first, middle, last = (data.draw(st.sampled_from(days_of(country))) for _ in range(3))
    figures = country.truth(first)
    direct = carried(country.register, figures, first, last)
    half = carried(country.register, figures, first, middle)
    if not all(is_exact(row) for row in half.values()):
        return
    composed = carried(country.register, {code: int(row["obs_value"]) for code, row in half.items()}, middle, last)
    for code, row in composed.items():
        own = direct[code]
        assert row["obs_lower"] <= own["obs_lower"], (seed, code)
        assert own["obs_upper"] <= row["obs_upper"], (seed, code)
        if is_exact(row):
            assert own["obs_value"] == row["obs_value"], (seed, code)


@settings(max_examples=150, deadline=None)
@given(sizes=st.lists(st.integers(0, 50), min_size=2, max_size=6), between=st.integers(0, 25), order=st.randoms())
def test_a_merger_that_is_undone_part_by_part_comes_back(sizes: list[int], between: int, order: Any) -> None:
    codes = [f"A{n}" for n in range(len(sizes))]
    step = timedelta(days=10)
    merged = START + step
    changes = [Change(merged, "merger", code, "M0") for code in codes]
    areas = [Area(code, "commune", "xa", code, code, "", START, merged) for code in codes]
    for n in range(between):  # M is given a new code again and again
        day = merged + step * (n + 1)
        changes.append(Change(day, "code_change", f"M{n}", f"M{n + 1}"))
        areas.append(Area(f"M{n}", "commune", "xa", "M", "M", "", day - step, day))
    left, day, since = f"M{between}", merged + step * (between + 1), merged + step * between
    back = list(codes)
    order.shuffle(back)
    for code in back[:-1]:
        changes.append(Change(day, "re_establishment", left, code, f"{code}@{START}"))
        areas.append(Area(code, "commune", "xa", code, code, "", day, None))
        day += step
    changes.append(Change(day, "code_change", left, back[-1]))
    areas += [
        Area(left, "commune", "xa", "M", "M", "", since, day),
        Area(back[-1], "commune", "xa", "", "", "", day, None),
    ]
    figures = dict(zip(codes, sizes, strict=True))
    register = Register(tuple(areas), tuple(changes))
    for first, last in ((START, day), (day, START)):
        found = carried(register, figures, first, last)
        assert {code: row["obs_value"] for code, row in found.items()} == figures
        assert {row["basis"] for row in found.values()} == {"reported"}


@settings(max_examples=250, deadline=None)
@given(
    data=st.data(),
    seed=SEEDS,
    levels=st.sampled_from([(a, b) for a in ("commune", "province") for b in ("commune", "province")]),
)
def test_between_levels_the_truth_lies_within_the_bounds(
    data: st.DataObject, seed: int, levels: tuple[str, str]
) -> None:
    country = two_levels(seed)
    first, last = data.draw(st.sampled_from(days_of(country))), data.draw(st.sampled_from(days_of(country)))
    found = carried(country.register, truth(country, first, levels[0]), first, last, *levels)
    expected = truth(country, last, levels[1])
    assert set(found) == set(expected)
    for code, row in found.items():
        assert row["obs_lower"] <= expected[code] <= row["obs_upper"], (seed, first, last, levels, code)
        if is_exact(row):
            assert row["obs_value"] == expected[code]
    if levels == ("commune", "province") and first == last:
        assert all(is_exact(row) for row in found.values())


@settings(max_examples=150, deadline=None)
@given(data=st.data(), seed=SEEDS)
def test_the_sum_of_two_files_is_restated_as_the_sum_of_both(data: st.DataObject, seed: int) -> None:
    country = random_country(seed)
    first, last = data.draw(st.sampled_from(days_of(country))), data.draw(st.sampled_from(days_of(country)))
    one = country.truth(first)
    other = {code: data.draw(st.integers(1, 40)) for code in one}
    both = {code: one[code] + other[code] for code in one}
    found, parts = carried(country.register, both, first, last), (one, other)
    summands = [carried(country.register, {c: n + 1 for c, n in part.items()}, first, last) for part in parts]
    for code, row in found.items():
        if is_exact(row):
            shifted = _count(country, first, last, code)
            assert row["obs_value"] == sum(part[code]["obs_value"] for part in summands) - 2 * shifted


def _count(country: Country, first: date, last: date, code: str) -> int:
    """How many areas of the first day an exact area of the last is made of."""
    areas = correspondence(country.register, first, last, "commune", "commune", None)
    return sum(pair.whole for pair in areas.by_target[code] if pair.from_area)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), seed=SEEDS, weighted=st.booleans())
def test_whole_numbers_stay_whole_and_values_lie_within_their_bounds(
    data: st.DataObject, seed: int, weighted: bool
) -> None:
    country = random_country(seed, weighted=weighted)
    first, last = data.draw(st.sampled_from(days_of(country))), data.draw(st.sampled_from(days_of(country)))
    areas = correspondence(country.register, first, last, "commune", "commune", "population")
    rows: Iterable[Row] = restate(observed(country.truth(first)), PEOPLE, areas).rows.iter_rows(named=True)
    for row in rows:
        for name in ("obs_value", "obs_lower", "obs_upper"):
            assert row[name] is None or row[name] == int(row[name])
        if row["obs_value"] is not None:
            assert row["obs_lower"] <= row["obs_value"] <= row["obs_upper"]
