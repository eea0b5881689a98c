"""Known totals of provinces: whatever may be true stays within the bounds, and nothing suppressed is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.frames import OBSERVATIONS
from engine.restate_file import Figured, Job, figures_of
from indicators.catalog import Catalog
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Measure, Name
from naive.cells import Country
from naive.fillings import effort, possible
from naive.provinces import truth, two_levels
from naive.span import Vector, spanned

PEOPLE = Measure(
    "population", Name("Dân số", "Population"), "PERSON", 0, "commune", AreaRule("sum"), "stock",
    split_weight="population",
)  # fmt: skip
Known = dict[str, int | None]
"""Area to figure; None: suppressed."""


def frame(figures: Known, day: date) -> pl.DataFrame:
    rows = [
        ("population", code, day, "2024", "", *((None, "Q") if n is None else (Decimal(n), "A")), "", "f:1")
        for code, n in sorted(figures.items())
    ]
    return pl.DataFrame(rows, schema=OBSERVATIONS, orient="row")


def carried(country: Country, figures: Known, totals: Known, days: tuple[date, date], level: str) -> Figured:
    weight = "population" if country.register.weights else None
    areas = correspondence(country.register, *days, "commune", level, weight)
    catalog = Catalog(Path(), country.register, {}, {}, {}, {}, {}, {}, {})
    measure = replace(PEOPLE, split_weight=weight)
    job = Job(measure, *days, level, date(2026, 1, 1))
    return figures_of(frame(figures, days[0]), job, catalog, areas, None, frame(totals, days[0]))


def any_days(country: Country, random: Random) -> tuple[date, date]:
    days = [day + timedelta(days=n) for day in sorted(country.maps) for n in (0, 1)]
    return random.choice(days), random.choice(days)


def some(figures: dict[str, int], random: Random, share: float) -> Known:
    return {code: n for code, n in figures.items() if random.random() < share}


def held(country: Country, day: date) -> dict[str, frozenset[int]]:
    return country.maps[max(known for known in country.maps if known <= day)]


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**9), weighted=st.booleans(), level=st.sampled_from(["commune", "province"]))
def test_the_truth_lies_within_bounds_that_totals_only_narrow(seed: int, weighted: bool, level: str) -> None:
    country, random = two_levels(seed, weighted=weighted), Random(seed)  # noqa: S311  # figures to test with
    days = any_days(country, random)
    figures = some(truth(country, days[0], "commune"), random, 0.6)
    totals = some(truth(country, days[0], "province"), random, 0.8)
    assume(figures)
    found, plain = (carried(country, figures, one, days, level) for one in (totals, {}))
    assert found.findings == plain.findings
    people = truth(country, days[1], level)
    before = {row["ref_area"]: row for row in plain.rows.iter_rows(named=True)}
    assert set(found.rows["ref_area"]) == set(people)
    for row in found.rows.iter_rows(named=True):
        code, where = row["ref_area"], (seed, country.kinds, days, row)
        least, most, old = row["obs_lower"] or 0, row["obs_upper"], before[row["ref_area"]]
        assert least <= people[code], where
        assert most is None or people[code] <= most, where
        assert least >= (old["obs_lower"] or 0), where
        assert old["obs_upper"] is None or most <= old["obs_upper"], where
        assert row["coverage"] == old["coverage"], where
        if row["basis"] in ("reported", "exact"):
            assert row["obs_value"] == least == most == people[code], where
        if row["basis"] == "reported":
            assert old["basis"] == "reported", where


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_everything_that_may_be_true_lies_within_the_bounds(seed: int) -> None:
    random = Random(seed)  # noqa: S311  # figures to test with
    country = two_levels(seed, events=4, areas=4)
    country = replace(country, people={cell: random.randint(0, 1) for cell in country.people})
    days = any_days(country, random)
    days = (days[0], days[0] if random.random() < 0.3 else days[1])
    figures = some(truth(country, days[0], "commune"), random, 0.5)
    totals = some(truth(country, days[0], "province"), random, 0.8)
    assume(figures)
    before, after = held(country, days[0]), held(country, days[1])
    told = {before[code]: n or 0 for code, n in figures.items()}
    for province, total in totals.items():
        within = [code for code in before if parent(country, code, days[0]) == province]
        rest = frozenset().union(*(before[code] for code in within if code not in figures))
        if rest:
            told[rest] = (total or 0) - sum(figures[code] or 0 for code in within if code in figures)
    assume(effort(told) < 2000)
    for row in carried(country, figures, totals, days, "commune").rows.iter_rows(named=True):
        ways, where = possible(after[row["ref_area"]], told), (seed, country.kinds, days, row)
        if ways is None:
            assert row["obs_upper"] is None, where
            continue
        assert (row["obs_lower"] or 0) <= min(ways), where
        assert row["obs_upper"] is None or max(ways) <= row["obs_upper"], where
        if row["basis"] in ("reported", "exact"):
            assert ways == {row["obs_value"]}, where
        if days[0] == days[1]:  # nothing is cut: what is certain is all that the sums tell
            assert (row["obs_lower"], row["obs_upper"]) == (min(ways), max(ways)), where


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_no_total_helps_to_tell_a_suppressed_figure(seed: int) -> None:
    country, random = two_levels(seed), Random(seed)  # noqa: S311  # figures to test with
    days = any_days(country, random)
    figures = some(truth(country, days[0], "commune"), random, 0.7)
    assume(len(figures) > 1)
    hidden = random.choice(sorted(figures))
    figures[hidden] = None
    totals: Known = dict(truth(country, days[0], "province"))
    before = held(country, days[0])
    public: list[Vector] = [ones(before[code]) for code, n in figures.items() if n is not None]
    for level in ("commune", "province"):
        after = {code: frozenset[int]() for code in truth(country, days[1], level)}
        for code, cells in held(country, days[1]).items():
            after[code if level == "commune" else parent(country, code, days[1])] |= cells
        rows = carried(country, figures, totals, days, level).rows
        certain = rows.filter(pl.col("basis").is_in(["exact", "reported"]))["ref_area"]
        public += [ones(after[code]) for code in certain]
        assert not any("*" in code for code in rows["ref_area"])
    assert not spanned(ones(before[hidden]), public), (seed, country.kinds, days, hidden)


def ones(cells: frozenset[int]) -> Vector:
    return dict.fromkeys(cells, 1)


def parent(country: Country, code: str, day: date) -> str:
    area = country.register.area(code, day)
    assert area is not None
    return area.parent
