"""Bounds of what left, came, and remains of both, against every way in which people may have moved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations_with_replacement
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.frames import NUM
from engine.gross_flows import gross_flows
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import AreaRule, Measure, Name
from naive.cells import random_country

MOVES = Measure(
    "moves", Name("Di cư", "Migration"), "PERSON", 0, "commune", AreaRule("sum"), "flow", internal_flow="ref_area_to"
)
Listed = dict[tuple[str, str], int]
Bounds = tuple[int | None, int | None]
SIGNS = {"in": {"came": 1, "left": 0, "neither": 0}, "out": {"came": 0, "left": 1, "neither": 0},
         "net": {"came": 1, "left": -1, "neither": 0}}  # fmt: skip


@dataclass
class Possible:
    """Where people may have come from and gone to, as areas of the last day."""

    areas: Correspondence

    def fates(self, couple: tuple[str, str], area: str) -> set[str]:
        """What one mover may have done, seen from a new area."""
        starts, ends = ({pair.to_area for pair in self.areas.by_source[code]} for code in couple)
        seen = {(start == area, end == area) for start in starts for end in ends}
        names = {(True, False): "left", (False, True): "came"}
        return {names.get(one, "neither") for one in seen}

    def bounds(self, listed: Listed, silent: set[str], area: str, flow: str) -> Bounds:
        """The smallest and the largest figure over every way; None: no limit, as somebody did not say."""
        reached = {0}
        for couple, count in listed.items():
            ways = combinations_with_replacement(sorted(self.fates(couple, area)), count)
            sums = {sum(SIGNS[flow][fate] for fate in way) for way in ways}
            reached = {one + other for one in reached for other in sums}
        unsaid = {SIGNS[flow][fate] for start in silent for end in self.areas.from_areas if end != start
                  for fate in self.fates((start, end), area)}  # fmt: skip
        return (None if -1 in unsaid else min(reached)), (None if 1 in unsaid else max(reached))


def some_moves(areas: Correspondence, silent: set[str], random: Random) -> Listed:
    """A list from every area that is not silent, moves within an area that was cut among them."""
    codes = sorted(areas.from_areas)
    listed: Listed = {}
    for start in (code for code in codes if code not in silent):
        listed[start, random.choice([code for code in codes if code != start])] = 0
        for _ in range(random.randint(0, 3)):
            listed[start, random.choice(codes)] = random.randint(0, 3)
        listed.setdefault((start, start), random.randint(0, 2))
    return listed


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**9), backwards=st.booleans(), quiet=st.booleans())
def test_the_bounds_are_the_least_and_the_most_that_can_be(seed: int, backwards: bool, quiet: bool) -> None:
    random = Random(seed)  # noqa: S311
    country = random_country(seed, weighted=False)
    first, last = sorted(random.choices(sorted(country.maps), k=2), reverse=backwards)
    areas = correspondence(country.register, first, last, "commune", "commune", None)
    codes = sorted(areas.from_areas)
    if len(codes) < 3 or len(areas.to_areas) < 2:
        return
    whole = [code for code in codes if len(areas.by_source[code]) == 1]
    silent = {random.choice(whole)} if quiet and whole else set()
    listed = some_moves(areas, silent, random)
    frame = pl.DataFrame(
        {
            "ref_area": [start for start, _ in listed],
            "time_period": "2024",
            "dimensions": [f"ref_area_to={end}" for _, end in listed],
            "obs_value": pl.Series([Decimal(count) for count in listed.values()], dtype=NUM),
            "obs_status": "A",
        }
    )
    for row in gross_flows(frame, MOVES, areas).iter_rows(named=True):
        area = row["ref_area"]
        told = {pair.from_area for pair in areas.by_target[area]} - silent
        if told:  # of an area of which nobody said anything nothing is said
            got = (row["obs_lower"], row["obs_upper"])
            wanted = Possible(areas).bounds(listed, silent, area, row["flow"])
            assert got == wanted, (seed, country.kinds, first, last, silent, row)
