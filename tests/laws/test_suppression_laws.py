"""Suppressed figures stay unknown: nothing that is published determines one, whatever is subtracted from what."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.aggregate import aggregate
from engine.frames import NUM
from engine.protect import protect
from engine.restate import restate
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name
from naive.cells import Country, random_country
from naive.span import Vector, spanned

CODES = {"residence": ("R", "U"), "sex": ("F", "M")}
CASES = Measure(
    "cases", Name("Ca", "Cases"), "CASE", 0, "commune", AreaRule("sum"), "stock",
    dimensions={"residence": "CL_RESIDENCE", "sex": "CL_SEX"},
)  # fmt: skip
LISTS = {
    measure_list: Codelist(measure_list, {code: Code(code, Name(code, code)) for code in CODES[name]})
    for name, measure_list in CASES.dimensions.items()
}
PATTERNS = ([], ["residence"], ["sex"], ["residence", "sex"])


def texts() -> list[str]:
    """Every margin and cell, as dimensions."""
    return [
        ";".join(f"{name}={code}" for name, code in zip(pattern, codes, strict=True))
        for pattern in PATTERNS
        for codes in itertools.product(*(CODES[name] for name in pattern))
    ]


def cells(area: str, dimensions: str) -> Vector:
    """The finest figures of an area that a margin is the sum of."""
    wanted = set(filter(None, dimensions.split(";")))
    full = [text for text in texts() if text.count("=") == len(CODES)]
    return {(area, text): 1 for text in full if wanted <= set(text.split(";"))}


def reported(country: Country, day: date, random: Random) -> pl.DataFrame:
    """Figures of every area, each margin left out or suppressed at random, in agreement with each other."""
    latest = max(known for known in country.maps if known <= day)
    rows = []
    for area in sorted(country.maps[latest]):
        truth = {key: random.randint(1, 9) for key in cells(area, "")}
        for text in texts():
            if random.random() < 0.15:
                continue
            value = sum(truth[key] for key in cells(area, text))
            hidden = random.random() < 0.15
            rows.append((area, day, "2024", text, None if hidden else Decimal(value), "Q" if hidden else "A"))
    schema = {"ref_area": pl.String, "area_basis": pl.Date, "time_period": pl.String, "dimensions": pl.String,
              "obs_value": NUM, "obs_status": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def suppressed(figures: pl.DataFrame) -> list[Vector]:
    rows = figures.filter(pl.col("obs_status") == "Q")
    return [cells(area, text) for area, text in rows.select("ref_area", "dimensions").iter_rows()]


def published(country: Country, day: date, figures: pl.DataFrame, last: date) -> Iterable[tuple[Vector, Any]]:
    """Every exact value of a day as a sum of finest figures, with the row: the areas by their sets of cells."""
    areas = correspondence(country.register, day, last, "commune", "commune", None)
    rows = restate(figures, CASES, areas).rows
    every = pl.concat([rows, *(aggregate(rows, CASES, pattern, LISTS) for pattern in PATTERNS)]).unique()
    before, after = (country.maps[max(known for known in country.maps if known <= one)] for one in (day, last))
    for row in every.iter_rows(named=True):
        inside = [area for area, held in before.items() if held <= after[row["ref_area"]]]
        vector: dict[Any, int] = {}
        for area in inside:
            vector.update(cells(area, row["dimensions"]))
        yield vector, row


@settings(max_examples=150, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10**9))
def test_no_suppressed_figure_is_determined_by_what_is_published(data: st.DataObject, seed: int) -> None:
    country, random = random_country(seed, areas=4, events=8), Random(seed)  # noqa: S311 (repeatable)
    days = sorted(country.maps)
    day = data.draw(st.sampled_from(days))
    figures = reported(country, day, random)
    safe = protect(figures, CASES, country.register).observations
    told: list[Vector] = []
    for last in sorted({day, days[0], days[-1], data.draw(st.sampled_from(days))}):
        exact = [(vector, row) for vector, row in published(country, day, safe, last) if row["obs_value"] is not None]
        told += [vector for vector, _ in exact]
    for secret in suppressed(figures):
        assert not spanned(secret, told), (seed, secret)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_nothing_is_withheld_where_nothing_is_revealed(seed: int) -> None:
    country, random = random_country(seed, areas=3, events=2), Random(seed)  # noqa: S311 (repeatable)
    day = min(country.maps)
    figures = reported(country, day, random)
    safe = protect(figures, CASES, country.register)
    known = figures.filter(pl.col("obs_value").is_not_null()).select("ref_area", "dimensions")
    told = [cells(area, text) for area, text in known.iter_rows()]
    revealed = any(spanned(secret, told) for secret in suppressed(figures))
    assert bool(safe.findings) == revealed
    assert safe.observations.equals(figures) == (not revealed)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_holds_a_suppressed_part_has_no_value_and_no_upper_bound(seed: int) -> None:
    country, random = random_country(seed, areas=4, events=6), Random(seed)  # noqa: S311 (repeatable)
    first, last = min(country.maps), max(country.maps)
    figures = reported(country, first, random)
    totals = figures.filter(pl.col("dimensions") == "")
    hidden = set(totals.filter(pl.col("obs_status") == "Q")["ref_area"])
    areas = correspondence(country.register, first, last, "commune", "commune", None)
    held: Mapping[str, set[str]] = {
        code: {pair.from_area for pair in pairs if pair.upper > 0} for code, pairs in areas.by_target.items()
    }
    for row in restate(totals, CASES, areas).rows.iter_rows(named=True):
        if hidden & held.get(row["ref_area"], set()):
            assert row["obs_value"] is None
            assert row["obs_upper"] is None
            assert row["obs_status"] == "Q"
