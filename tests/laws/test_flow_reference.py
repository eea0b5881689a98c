"""Moves carried by frames are those that are carried couple by couple."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import flow_couples
from engine.frames import NUM
from engine.moves import moves_of
from engine.restate import Restated, carry
from indicators.areas import Register
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Measure, Name
from naive import couples
from naive.cells import random_country

MOVES = Measure(
    "moves", Name("Di cư", "Migration"), "PERSON", 0, "commune", AreaRule("sum"), "flow",
    dimensions={"sex": "CL_SEX"}, internal_flow="ref_area_to", split_weight="population",
)  # fmt: skip
PLAIN = replace(MOVES, internal_flow=None)
REACHES = {
    "couple": (flow_couples.by_couple, couples.by_couple),
    "origin": (flow_couples.by_origin, couples.by_origin),
    "destination": (flow_couples.by_destination, couples.by_destination),
}


def some_moves(codes: list[str], random: Random) -> pl.DataFrame:
    """Moves of some areas to some others, within areas as well, missing, suppressed and provisional ones among them."""
    origins = [code for code in codes if random.random() < 0.8] or codes[:1]
    found = {}
    for _ in range(random.randint(1, 30)):
        start, end = random.choice(origins), random.choice(codes)
        other = random.choice(["", ";sex=F"])
        status = random.choice("AAAAPEOQ")
        value = None if status in "OQ" else Decimal(random.choice([0, 1, 2, 5, 9, 1000]))
        found[start, random.choice(["2023", "2024"]), f"ref_area_to={end}{other}"] = (value, status)
    rows = [(*key, *value) for key, value in found.items()]
    names = ("ref_area", "time_period", "dimensions", "obs_value", "obs_status")
    kinds = {name: NUM if name == "obs_value" else pl.String() for name in names}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def differences(one: Restated, other: Restated) -> list[str]:
    found = []
    for name in (field.name for field in fields(Restated)):
        mine, its = getattr(one, name), getattr(other, name)
        same = mine.equals(its) if isinstance(mine, pl.DataFrame) else mine == its
        found += [] if same else [name]
    return found


@pytest.mark.parametrize("reach", REACHES)
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**9), weighted=st.booleans(), backwards=st.booleans())
def test_frames_carry_moves_as_one_couple_after_the_other_does(
    reach: str, seed: int, weighted: bool, backwards: bool
) -> None:
    random = Random(seed)  # noqa: S311
    country = random_country(seed, weighted=weighted)
    first, last = sorted(random.choices(sorted(country.maps), k=2), reverse=backwards)
    weights = [replace(one, quality=random.choice(["placeholder", one.quality])) for one in country.register.weights]
    register = Register(country.register.areas, country.register.changes, tuple(weights))
    areas = correspondence(register, first, last, "commune", "commune", "population")
    moves = moves_of(some_moves(sorted(areas.from_areas), random), MOVES, areas, carry)
    by_frames, one_by_one = REACHES[reach]
    got, wanted = moves.carried(by_frames), couples.carried(moves.listed, PLAIN, areas, one_by_one)
    assert differences(got, wanted) == [], (seed, country.kinds, first, last)
