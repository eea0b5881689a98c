"""Means, extremes and figures of several days' areas: nothing published settles what is suppressed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.frames import NUM
from engine.protect import protect, protect_all
from indicators.areas import Register
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name
from naive.cells import random_country
from naive.span import spanned

DAY = date(2024, 1, 1)
NOWHERE = Register((), ())
AGES = {"": "abcd", "age=young": "abc", "age=baby": "a", "age=child": "b", "age=teen": "c", "age=adult": "d"}
CODES = {code.removeprefix("age="): "young" if leaf in {"a", "b", "c"} else "" for code, leaf in AGES.items() if code}
LISTS = {"CL_AGE": Codelist("CL_AGE", {code: Code(code, Name(code, code), up) for code, up in CODES.items()})}
PEOPLE = Measure("people", Name("p", "p"), "PERSON", 0, "commune", AreaRule("sum"), "stock", {"age": "CL_AGE"})
INCOME = Measure("income", Name("i", "i"), "VND", 9, "commune", AreaRule("mean", by="people"), "stock",
                 {"age": "CL_AGE"})  # fmt: skip
PEAK = Measure("peak", Name("p", "p"), "UNIT", 0, "commune", AreaRule("max"), "none",
               {"home": "CL_HOME", "sex": "CL_SEX"})  # fmt: skip
HOMES = {
    ";".join([f"home={home}"] * bool(home) + [f"sex={sex}"] * bool(sex)): list(
        itertools.product(home or "RU", sex or "FM")
    )
    for home, sex in itertools.product(["", "R", "U"], ["", "F", "M"])
}
SCHEMA = {"measure": pl.String, "ref_area": pl.String, "area_basis": pl.Date, "time_period": pl.String,
          "dimensions": pl.String, "obs_value": NUM, "obs_status": pl.String}  # fmt: skip


def rows(measure: Measure, values: Mapping[str, Any], random: Random, hide: float) -> pl.DataFrame:
    made = []
    for text, value in values.items():
        if random.random() < 0.8:
            hidden = random.random() < hide
            status, shown = ("Q", None) if hidden else ("A", round(Decimal(str(float(value))), 9))
            made.append((measure.id, "A", DAY, "2024", text, shown, status))
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def texts(frame: pl.DataFrame, measure: Measure, status: str) -> list[str]:
    return frame.filter(pl.col("measure") == measure.id, pl.col("obs_status") == status)["dimensions"].to_list()


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_neither_a_mean_nor_its_weight_follows_from_means_and_weights(seed: int) -> None:
    random = Random(seed)  # noqa: S311 (repeatable)
    weight = {cell: Fraction(random.randint(1, 5)) for cell in "abcd"}
    value = {cell: Fraction(random.randint(1, 9)) for cell in "abcd"}
    people = {text: sum(weight[cell] for cell in cells) for text, cells in AGES.items()}
    income = {text: sum(weight[cell] * value[cell] for cell in cells) / people[text] for text, cells in AGES.items()}
    hides = random.choice([(0.3, 0.0), (0.0, 0.3), (0.2, 0.2)])
    figures = pl.concat([rows(PEOPLE, people, random, hides[0]), rows(INCOME, income, random, hides[1])])
    safe = protect_all(figures, [INCOME, PEOPLE], NOWHERE, LISTS).observations

    def weighs(text: str) -> dict[Any, Fraction]:
        return {("people", cell): Fraction(1) for cell in AGES[text]}

    def means(text: str) -> dict[Any, Fraction]:
        """Sum of income less mean times people: nothing, whatever the cells are."""
        own = {("sum", cell): Fraction(1) for cell in AGES[text]}
        return own | {("people", cell): -income[text] for cell in AGES[text]}

    told = [*map(weighs, texts(safe, PEOPLE, "A")), *map(means, texts(safe, INCOME, "A"))]
    secrets = [*map(weighs, texts(figures, PEOPLE, "Q")), *map(means, texts(figures, INCOME, "Q"))]
    assert not [secret for secret in secrets if spanned(secret, told)]


@pytest.mark.parametrize("extreme", [max, min])
@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_largest_and_the_smallest_stay_open(extreme: Callable[[Sequence[int]], int], seed: int) -> None:
    random = Random(seed)  # noqa: S311 (repeatable)
    cells = HOMES[""]
    truth = {cell: random.randint(1, 3) for cell in cells}
    figures = rows(PEAK, {text: extreme([truth[cell] for cell in own]) for text, own in HOMES.items()}, random, 0.2)
    measure = replace(PEAK, areas=AreaRule("max" if extreme is max else "min"))
    told = texts(protect(figures, measure, NOWHERE).observations, PEAK, "A")
    open_values: dict[str, set[int]] = {text: set() for text in texts(figures, PEAK, "Q")}
    for guess in itertools.product(range(5), repeat=len(cells)):
        filled = dict(zip(cells, guess, strict=True))
        if all(extreme([filled[c] for c in HOMES[text]]) == extreme([truth[c] for c in HOMES[text]]) for text in told):
            for text, found in open_values.items():
                found.add(extreme([filled[cell] for cell in HOMES[text]]))
    assert all(len(found) > 1 for found in open_values.values())


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_areas_of_several_days_do_not_tell_on_each_other(seed: int) -> None:
    country, random = random_country(seed, areas=3, events=5), Random(seed)  # noqa: S311 (repeatable)
    months = {"2024-01": "1", "2024-02": "2", "2024-03": "3", "2024-Q1": "123"}
    measure = replace(PEOPLE, dimensions={}, time="flow")
    days = random.sample(sorted(country.maps), min(2, len(country.maps)))
    made, held = [], {}
    for day, (period, stretches) in itertools.product(days, months.items()):
        for area, land in sorted(country.maps[day].items()):
            held[day, area, period] = dict.fromkeys(itertools.product(sorted(land), stretches), 1)
            hidden = random.random() < 0.1
            if random.random() < 0.7:
                value = None if hidden else Decimal(len(land) * len(stretches))
                made.append((measure.id, area, day, period, "", value, "Q" if hidden else "A"))
    figures = pl.DataFrame(made, schema=SCHEMA, orient="row")
    safe = protect(figures, measure, country.register).observations
    place = ["area_basis", "ref_area", "time_period"]
    told = [held[key] for key in safe.filter(pl.col("obs_status") == "A").select(place).iter_rows()]
    for key in figures.filter(pl.col("obs_status") == "Q").select(place).iter_rows():
        assert not spanned(held[key], told), key
