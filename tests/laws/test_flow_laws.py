"""Laws of moves between areas, held against a country of cells between which people move one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.check import balance
from engine.frames import NUM
from engine.restate import restate
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Measure, Name
from naive.cells import Country, random_country

MOVES = Measure(
    "moves", Name("Di cư", "Migration"), "PERSON", 0, "commune", AreaRule("sum"), "flow", internal_flow="ref_area_to"
)
Moves = list[tuple[int, int, int]]
Matrix = dict[tuple[str, str], int]


def moved(country: Country, seed: int) -> Moves:
    """So many people moved from one cell to another."""
    random = Random(seed)  # noqa: S311
    cells = sorted(country.people)
    return [(random.choice(cells), random.choice(cells), random.choice([0, 1, 2, 5, 9])) for _ in range(25)]


def matrix(country: Country, day: date, moves: Moves) -> Matrix:
    """Moves by the areas of a day, those within an area as well."""
    latest = max(known for known in country.maps if known <= day)
    home = {cell: code for code, cells in country.maps[latest].items() for cell in cells}
    found: Matrix = {(start, end): 0 for start in country.maps[latest] for end in country.maps[latest]}
    for start, end, count in moves:
        found[home[start], home[end]] += count
    return found


def listed(figures: Matrix, *, within: bool) -> pl.DataFrame:
    """One row for each pair that anybody moved between, and for each origin one that nobody did."""
    quiet = {start: min(end for end in {end for _, end in figures} if end != start) for start, _ in figures}
    rows = [
        (start, f"ref_area_to={end}", count)
        for (start, end), count in sorted(figures.items())
        if (count or quiet[start] == end) and (within or start != end)
    ]
    return pl.DataFrame(
        {
            "ref_area": [row[0] for row in rows],
            "time_period": "2024",
            "dimensions": [row[1] for row in rows],
            "obs_value": pl.Series([Decimal(row[2]) for row in rows], dtype=NUM),
            "obs_status": "A",
        }
    )


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10**9), data=st.data(), within=st.booleans(), weighted=st.booleans())
def test_the_truth_of_every_pair_and_total_lies_within_its_bounds(
    seed: int, data: st.DataObject, within: bool, weighted: bool
) -> None:
    country = random_country(seed, weighted=weighted)
    first, last = (data.draw(st.sampled_from(sorted(country.maps))) for _ in range(2))
    moves = moved(country, seed)
    before, truth = matrix(country, first, moves), matrix(country, last, moves)
    if len(country.maps[first]) < 2:
        return
    made = replace(MOVES, split_weight="population" if weighted else None)
    areas = correspondence(country.register, first, last, "commune", "commune", made.split_weight)
    figures = listed(before, within=within)
    result = restate(figures, made, areas)
    balance(figures, result, made, areas)
    there = set()
    for row in result.rows.iter_rows(named=True):
        start, end = row["ref_area"], row["dimensions"].removeprefix("ref_area_to=")
        there.add((start, end))
        known = sum(n for (one, other), n in truth.items() if one == start != other) if not end else truth[start, end]
        where = (seed, country.kinds, first, last, start, end, row)
        assert start != end, where
        assert row["obs_lower"] is None or row["obs_lower"] <= known, where
        assert row["obs_upper"] is None or known <= row["obs_upper"], where
        if row["basis"] in ("reported", "exact"):
            assert row["obs_value"] == row["obs_lower"] == row["obs_upper"] == known, where
    silent = {pair: n for pair, n in truth.items() if pair not in there and pair[0] != pair[1]}
    assert not any(silent.values()), (seed, silent)
    assert {start for start, end in there if not end} == set(truth_areas(country, last))


def truth_areas(country: Country, day: date) -> frozenset[str]:
    return frozenset(country.maps[max(known for known in country.maps if known <= day)])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_same_day_changes_nothing(seed: int) -> None:
    country = random_country(seed)
    day = max(country.maps)
    if len(country.maps[day]) < 2:
        return
    figures = listed(matrix(country, day, moved(country, seed)), within=False)
    areas = correspondence(country.register, day, day, "commune", "commune", None)
    result = restate(figures, MOVES, areas)
    key = ["ref_area", "dimensions", "obs_value"]
    pairs = result.rows.filter(pl.col("dimensions") != "").select(key)
    assert pairs.sort(key).equals(figures.select(key).sort(key))
    assert result.internal.is_empty()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(seed: int, shuffle: Random) -> None:
    country = random_country(seed)
    first, last = min(country.maps), max(country.maps)
    figures = listed(matrix(country, first, moved(country, seed)), within=True)
    areas = correspondence(country.register, first, last, "commune", "commune", None)
    order = list(range(figures.height))
    shuffle.shuffle(order)
    one, other = restate(figures, MOVES, areas), restate(figures[order], MOVES, areas)
    assert one.rows.equals(other.rows)
    assert one.internal.equals(other.internal)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), gap=st.integers(0, 4))
def test_an_origin_that_sent_nothing_is_a_gap_and_no_zero(seed: int, gap: int) -> None:
    country = random_country(seed)
    first, last = min(country.maps), max(country.maps)
    moves = moved(country, seed)
    before, truth = matrix(country, first, moves), matrix(country, last, moves)
    figures = listed(before, within=False)
    origins = sorted(set(figures["ref_area"]))
    lost = origins[gap % len(origins)]
    areas = correspondence(country.register, first, last, "commune", "commune", None)
    result = restate(figures.filter(pl.col("ref_area") != lost), MOVES, areas)
    touched = {pair.to_area for pair in areas.by_source[lost]}
    for row in result.rows.iter_rows(named=True):
        start, end = row["ref_area"], row["dimensions"].removeprefix("ref_area_to=")
        known = sum(n for (one, other), n in truth.items() if one == start != other) if not end else truth[start, end]
        assert (row["obs_lower"] or 0) <= known
        if start in touched:
            assert row["obs_value"] is None
            assert row["coverage"] < 1
