"""How much of a measure is left unallocated by each cut that lacks a weight: which gap is worth filling first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from engine.frames import NUM
from engine.restate import restate
from indicators.areas import Register
from indicators.correspondence import correspondence
from indicators.definitions import Measure
from indicators.levels import standing_level
from indicators.missing_weights import DAY, MissingSplit
from indicators.observed_shares import Observed
from indicators.periods import in_order, parse_period


@dataclass(frozen=True)
class Uncertain:
    """What a cut leaves open.

    Attributes:
        split: The cut.
        time_period: The latest period with figures of the areas as they were before it; empty: there are none.
        unallocated: What of the area's figure can be given to no single piece, or None where there is no figure.
        share: That of the total of all areas.
    """

    split: MissingSplit
    time_period: str = ""
    unallocated: Decimal | None = None
    share: Decimal | None = None


def uncertain_splits(
    observations: pl.DataFrame,
    measure: Measure,
    register: Register,
    splits: Sequence[MissingSplit],
    observed: Observed | None = None,
) -> list[Uncertain]:
    """The cuts that lack a weight, those that leave most unallocated first.

    Args:
        observations: The measure's observations, shape OBSERVATIONS.
        measure: An additive measure.
        register: The areas.
        splits: The cuts (`indicators.missing_weights`).
        observed: Amounts observed of the basis, which fill gaps of the register (`engine.observed_weights`).

    Returns:
        One entry for each cut: by what is unallocated, then those without a figure as they were given.
    """
    found = [
        one
        for day in sorted({split.effective for split in splits})
        for one in _on_day(observations, measure, register, day, [s for s in splits if s.effective == day], observed)
    ]
    return sorted(found, key=lambda one: (one.unallocated is None, -(one.unallocated or 0)))


def _on_day(
    observations: pl.DataFrame,
    measure: Measure,
    register: Register,
    day: date,
    splits: list[MissingSplit],
    observed: Observed | None,
) -> Iterable[Uncertain]:
    latest = _latest(observations, register, day)
    if latest is None:
        return [Uncertain(split) for split in splits]
    basis, period = latest
    figures = observations.filter(pl.col("area_basis") == basis, pl.col("time_period") == period)
    to_level = standing_level(register, day, measure.level)
    areas = correspondence(register, basis, day, measure.level, to_level, splits[0].basis, observed)
    codes = [split.area.code for split in splits]
    held = figures.filter(pl.col("ref_area").is_in(codes))
    left = _totals(restate(held, measure, areas).unallocated, measure, figures)
    total = sum(_totals(figures, measure, figures).values(), Decimal(0))
    with_figure = set(_totals(held, measure, figures))
    return [_uncertain(split, period, left, total, with_figure) for split in splits]


def _uncertain(
    split: MissingSplit, period: str, left: dict[str, Decimal], total: Decimal, with_figure: set[str]
) -> Uncertain:
    if split.area.code not in with_figure:
        return Uncertain(split, period)
    unallocated = left.get(split.area.code, Decimal(0))
    share = (unallocated / total).quantize(Decimal("1e-9")) if total else None
    return Uncertain(split, period, unallocated, share)


def _latest(observations: pl.DataFrame, register: Register, day: date) -> tuple[date, str] | None:
    """The day and the latest period of figures of the areas as they were just before a day."""
    there = [
        (basis, period)
        for basis, period in observations.select("area_basis", "time_period").unique().iter_rows()
        if basis < day and not any(basis < moved <= day - DAY for moved in register.change_days)
    ]
    if not there:
        return None
    last = in_order(parse_period(period) for _, period in there)[-1].text
    return max((basis, period) for basis, period in there if period == last)


def _totals(figures: pl.DataFrame, measure: Measure, every: pl.DataFrame) -> dict[str, Decimal]:
    """One figure for each area: its total, or the sum of the coarsest breakdown whose categories do not overlap.

    Args:
        figures: `ref_area, dimensions, obs_value`.
        measure: Says along which dimensions figures add up.
        every: All figures of the period, which show the breakdowns that there are.
    """
    breakdowns = {
        tuple(pair.split("=")[0] for pair in text.split(";") if pair) for text in every["dimensions"].unique()
    }
    additive = [
        names for names in breakdowns if all(measure.dimension_rules.get(name, "sum") == "sum" for name in names)
    ]
    if not additive:
        return {}
    names = min(additive, key=lambda one: (len(one), one))
    named = pl.col("dimensions").str.split(";").list.eval(pl.element().str.split("=").list.first())
    chosen = figures.filter(named.list.join(";") == ";".join(names))
    known = chosen.filter(pl.col("obs_value").is_not_null())
    sums = known.group_by("ref_area").agg(pl.col("obs_value").sum().cast(NUM)).sort("ref_area")
    return dict(sums.iter_rows())
