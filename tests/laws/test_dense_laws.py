"""The dense path gives the very frames of the general path, on random countries and odd figures."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from engine.frames import NUM
from engine.restate import restate
from engine.restate_dense import restate_dense
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import AreaRule, Measure, Name
from naive.cells import Country, random_country

SHAPE = {
    "ref_area": pl.String, "time_period": pl.String, "dimensions": pl.String, "obs_value": NUM,
    "obs_status": pl.String,
}  # fmt: skip


def measure(random: Random, *, signed: bool, broken_down: bool) -> Measure:
    return Measure(
        "m", Name("m", "m"), "PERSON", random.choice([0, 2]), "commune", AreaRule("sum"), "flow",
        split_weight="population", signed=signed, dimensions={"sex": "CL_SEX"} if broken_down else {},
    )  # fmt: skip


def figures(random: Random, country: Country, areas: Correspondence, made: Measure) -> pl.DataFrame:
    """Rows in any order: some missing, some absent, zeros, provisional and estimated ones, large and negative ones."""
    rows = []
    for period in ("2023", "2024"):
        for dimensions in ("", "sex=F", "sex=M") if made.dimensions else ("",):
            silent = random.choice(["", "", "L", "M"])  # nearly all of a series may be missing for one reason
            for code in areas.from_areas:
                chance = random.random()
                if chance < (0.9 if silent else 0.1):
                    word = silent if chance >= 0.1 else random.choice("OLM")
                    rows.append((code, period, dimensions, None, word))
                elif chance < 0.95:
                    amount = random.choice([0, 0, 1, 2, 3, 7, 11, 1_000_003]) * random.choice(
                        [1, -1][: 1 + made.signed]
                    )
                    status = "A" if chance < 0.7 else random.choice("ASBPIFE")
                    rows.append((code, period, dimensions, Decimal(amount).scaleb(-made.decimals), status))
    random.shuffle(rows)
    return pl.DataFrame(rows, schema=SHAPE, orient="row")


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 10**9), signed=st.booleans(), weighted=st.booleans(), broken_down=st.booleans())
def test_both_paths_give_the_same(seed: int, signed: bool, weighted: bool, broken_down: bool) -> None:
    random = Random(seed)  # noqa: S311
    country = random_country(seed, weighted=weighted)
    first, last = random.choice(sorted(country.maps)), random.choice(sorted(country.maps))
    areas = correspondence(country.register, first, last, "commune", "commune", "population" if weighted else None)
    made = measure(random, signed=signed, broken_down=broken_down)
    given_figures = figures(random, country, areas, made)
    dense = restate_dense(given_figures, made, areas)
    if dense is None:
        assert made.dimensions or given_figures.is_empty(), (seed, "only tables cut by shares need the general path")
        return
    general = restate(given_figures, made, areas)
    for name in ("rows", "held", "unallocated", "internal"):
        assert_frame_equal(getattr(general, name), getattr(dense, name))
    assert dense.findings == general.findings
