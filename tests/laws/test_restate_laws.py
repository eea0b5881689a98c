"""Laws of restating, held against a country of cells whose truth is known on every day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.check import balance
from engine.frames import NUM
from engine.restate import Restated, restate
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import AreaRule, Measure, Name
from naive.cells import Country, random_country

PEOPLE = Measure(
    "population", Name("Dân số", "Population"), "PERSON", 0, "commune", AreaRule("sum"), "stock",
    split_weight="population",
)  # fmt: skip


def observed(figures: dict[str, int]) -> pl.DataFrame:
    codes = sorted(figures)
    return pl.DataFrame(
        {
            "ref_area": codes,
            "time_period": ["2024"] * len(codes),
            "dimensions": [""] * len(codes),
            "obs_value": pl.Series([Decimal(figures[code]) for code in codes], dtype=NUM),
            "obs_status": ["A"] * len(codes),
        }
    )


def carried(country: Country, first: date, last: date, weight: str | None = None) -> tuple[Restated, Correspondence]:
    areas = correspondence(country.register, first, last, "commune", "commune", weight)
    return restate(observed(country.truth(first)), PEOPLE, areas), areas


def days(country: Country) -> st.SearchStrategy[date]:
    changed = sorted(country.maps)
    return st.sampled_from(
        [day + timedelta(days=n) for day in changed for n in (-1, 0, 1) if day + timedelta(n) >= changed[0]]
    )


def rows(result: Restated) -> dict[str, dict[str, object]]:
    return {row["ref_area"]: row for row in result.rows.iter_rows(named=True)}


@settings(max_examples=500, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10**9), weighted=st.booleans())
def test_truth_lies_within_the_bounds_and_exact_values_are_true(data: st.DataObject, seed: int, weighted: bool) -> None:
    country = random_country(seed, weighted=weighted)
    first, last = data.draw(days(country)), data.draw(days(country))
    result, areas = carried(country, first, last, "population" if weighted else None)
    truth = country.truth(last)
    answers = rows(result)
    assert set(answers) == set(truth)
    for code, row in answers.items():
        where = (seed, country.kinds, first, last, code)
        assert row["obs_lower"] is not None, where
        assert row["obs_upper"] is not None, where
        assert row["obs_lower"] <= truth[code] <= row["obs_upper"], where
        if row["basis"] in ("exact", "reported"):
            assert row["obs_value"] == truth[code], where
            assert row["obs_lower"] == row["obs_upper"] == truth[code], where
    balance(observed(country.truth(first)), result, PEOPLE, areas)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10**9))
def test_the_same_day_changes_nothing(data: st.DataObject, seed: int) -> None:
    country = random_country(seed)
    day = data.draw(days(country))
    result, _ = carried(country, day, day)
    assert {code: row["obs_value"] for code, row in rows(result).items()} == country.truth(day)
    assert set(result.rows["basis"]) == {"reported"}


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(seed: int, shuffle: object) -> None:
    country = random_country(seed)
    first, last = min(country.maps), max(country.maps)
    areas = correspondence(country.register, first, last, "commune", "commune", "population")
    figures = observed(country.truth(first))
    order = list(range(figures.height))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    assert restate(figures, PEOPLE, areas).rows.equals(restate(figures[order], PEOPLE, areas).rows)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9), gap=st.integers(0, 4))
def test_a_gap_is_never_a_zero(seed: int, gap: int) -> None:
    country = random_country(seed)
    first, last = min(country.maps), max(country.maps)
    figures = country.truth(first)
    lost = sorted(figures)[gap % len(figures)]
    truth, missing = country.truth(last), {code: n for code, n in figures.items() if code != lost}
    areas = correspondence(country.register, first, last, "commune", "commune", None)
    full, holed = rows(restate(observed(figures), PEOPLE, areas)), rows(restate(observed(missing), PEOPLE, areas))
    touched = {pair.to_area for pair in areas.by_source[lost]}
    for code, row in holed.items():
        if code not in touched:
            assert row == full[code]
            continue
        assert row["obs_value"] is None
        assert row["obs_upper"] is None
        assert row["coverage"] < 1
        assert (row["obs_lower"] or 0) <= truth[code]


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**9), factor=st.integers(2, 9))
def test_twice_the_figures_make_twice_the_result(seed: int, factor: int) -> None:
    country = random_country(seed)
    first, last = min(country.maps), max(country.maps)
    areas = correspondence(country.register, first, last, "commune", "commune", None)
    once = rows(restate(observed(country.truth(first)), PEOPLE, areas))
    many = rows(restate(observed({code: n * factor for code, n in country.truth(first).items()}), PEOPLE, areas))
    for code, row in once.items():
        for column in ("obs_value", "obs_lower", "obs_upper"):
            assert many[code][column] == (None if row[column] is None else row[column] * factor)


@pytest.mark.parametrize("seed", range(30))
def test_long_chains_stay_small(seed: int) -> None:
    country = random_country(seed, areas=8, events=60)
    areas = correspondence(country.register, min(country.maps), max(country.maps), "commune", "commune", None)
    assert len(areas.pairs) <= len(areas.from_areas) * (len(areas.to_areas) + 1)
