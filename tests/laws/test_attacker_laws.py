"""Whoever tries every truth finds no suppressed figure: categories within categories, periods within periods, moves."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.frames import NUM
from engine.protect import protect
from indicators.areas import Register
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name
from naive.attacker import Cells, knows

DAY = date(2024, 1, 1)
NOWHERE = Register((), ())
AGES = {"": "abcd", "young": "abc", "baby": "a", "child": "b", "teen": "c", "adult": "d"}
SEXES = {"": "fm", "F": "f", "M": "m"}
TIMES = {"2024-01": "1", "2024-02": "2", "2024-03": "3", "2024-Q1": "123", "2024-Q2": "4", "2024-S1": "1234"}
LIST = Codelist(
    "CL_AGE",
    {code: Code(code, Name(code, code), "young" if code in ("baby", "child", "teen") else "") for code in AGES if code},
)
CASES = Measure("cases", Name("c", "c"), "CASE", 0, "commune", AreaRule("sum"), "flow",
                dimensions={"age": "CL_AGE", "sex": "CL_SEX"})  # fmt: skip
SCHEMA = {"ref_area": pl.String, "area_basis": pl.Date, "time_period": pl.String, "dimensions": pl.String,
          "obs_value": NUM, "obs_status": pl.String}  # fmt: skip
Figure = tuple[str, str]
"""A period and the text of dimensions."""


def ages_by_sex() -> dict[Figure, Cells]:
    return {
        ("2024", ";".join([f"age={age}"] * bool(age) + [f"sex={sex}"] * bool(sex))): frozenset(
            itertools.product(AGES[age], SEXES[sex])
        )
        for age, sex in itertools.product(AGES, SEXES)
    }


def times_by_sex() -> dict[Figure, Cells]:
    return {
        (time, f"sex={sex}" if sex else ""): frozenset(itertools.product(TIMES[time], SEXES[sex]))
        for time, sex in itertools.product(TIMES, SEXES)
    }


Made = tuple[pl.DataFrame, dict[Figure, Cells]]


def reported(table: Mapping[Figure, Cells], random: Random) -> pl.DataFrame:
    """An area that reports some of a table, some of it suppressed, and one that reports all of it."""
    truth = {cell: random.choice([0, 0, 1, 2]) for cells in table.values() for cell in sorted(cells)}
    share = random.choice([0.1, 0.3, 0.6])
    rows = []
    for (period, text), cells in table.items():
        value = Decimal(sum(truth[cell] for cell in cells))
        rows.append(("B", DAY, period, text, value, "A"))
        if random.random() > share:
            hidden = random.random() < 0.2
            rows.append(("A", DAY, period, text, None if hidden else value, "Q" if hidden else "A"))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def sums(figures: pl.DataFrame, table: Mapping[Figure, Cells], status: str) -> list[tuple[Cells, int]]:
    own = figures.filter(pl.col("ref_area") == "A", pl.col("obs_status") == status)
    columns = ["time_period", "dimensions", "obs_value"]
    return [(table[period, text], int(value or 0)) for period, text, value in own.select(columns).iter_rows()]


@pytest.mark.parametrize("made", [ages_by_sex, times_by_sex])
@settings(max_examples=250, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_whoever_tries_every_truth_finds_no_suppressed_figure(
    made: Callable[[], dict[Figure, Cells]], seed: int
) -> None:
    table = made()
    figures = reported(table, Random(seed))  # noqa: S311 (repeatable)
    safe = protect(figures, CASES, NOWHERE, {"CL_AGE": LIST})
    secrets = [cells for cells, _ in sums(figures, table, "Q")]
    told = sums(safe.observations, table, "A")
    assert not [secret for secret in secrets if knows(secret, told)]
    before = sums(figures, table, "A")
    assert bool(safe.findings) == any(knows(secret, before) for secret in secrets)
