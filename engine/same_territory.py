"""The figures of other days' areas that lie on territory of which a figure is suppressed.

Sums of areas of both days would tell: the new area less the other old ones it is made of. So they are withheld for all
periods that have to do with the suppressed one: the year of a suppressed month, if any of the areas reports it, and
then every month of that year. A measure without a rule for areas (`none`) only tells of an area that is the very same.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import polars as pl

from engine.frames import NUM
from indicators.areas import Register
from indicators.correspondence import Pair, correspondence
from indicators.definitions import Measure
from indicators.levels import standing_level
from indicators.periods import parse_period

Span = tuple[date, date]


def elsewhere(numbered: pl.DataFrame, closed: pl.DataFrame, measure: Measure, register: Register) -> set[int]:
    """The rows of other days' areas to suppress.

    Args:
        numbered: Observations with `row_no`.
        closed: `area_basis, ref_area, time_period` of what is suppressed, of this measure or of that which weighs it.
        measure: The measure.
        register: The areas.
    """
    found: set[int] = set()
    days = {*numbered["area_basis"], *closed["area_basis"]}
    for basis, other in itertools.permutations(sorted(days), 2):
        own = closed.filter(pl.col("area_basis") == basis)
        rows = numbered.filter(pl.col("area_basis") == other)
        if own.is_empty() or rows.is_empty():
            continue
        level, its_level = (standing_level(register, day, measure.level) for day in (basis, other))
        pairs = correspondence(register, basis, other, level, its_level).by_source
        at_home = numbered.filter(pl.col("area_basis") == basis)
        for (area,), group in own.partition_by("ref_area", as_dict=True).items():
            reached = [pair.to_area for pair in pairs.get(str(area), ()) if _tells(pair, measure)]
            there = rows.filter(pl.col("ref_area").is_in(reached))
            every = [*at_home.filter(pl.col("ref_area") == area)["time_period"], *there["time_period"]]
            spans = _joined([_span(text, measure) for text in group["time_period"].unique()],
                            {_span(text, measure) for text in every})  # fmt: skip
            valued = there.filter(pl.col("obs_value").cast(NUM).is_not_null())
            for number, text in valued.select("row_no", "time_period").iter_rows():
                if any(_meet(_span(text, measure), span) for span in spans):
                    found.add(number)
    return found


def _tells(pair: Pair, measure: Measure) -> bool:
    return pair.same if measure.areas.rule == "none" else pair.upper > 0


def _span(text: str, measure: Measure) -> Span:
    period = parse_period(text)
    return (period.end, period.end) if measure.time == "stock" else (period.start, period.end)


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _joined(spans: Sequence[Span], others: set[Span]) -> list[Span]:
    """Spans with all others that meet them, or meet one that does."""
    grown = list(dict.fromkeys(spans))
    waiting = set(others)
    while met := {other for other in waiting if any(_meet(other, span) for span in grown)}:
        grown += sorted(met)
        waiting -= met
    return grown
