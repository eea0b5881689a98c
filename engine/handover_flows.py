"""Where each old figure went: the amounts that restating gives, figure by figure, and both sides of the totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from engine.apportion import apportion, pieces_frame
from engine.crossed_tables import additive_dimensions
from engine.frames import NUM, units
from engine.handover_record import Flow, Total
from engine.handover_scope import Way
from indicators.correspondence import Pair
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding

Amounts = tuple[Decimal | None, Decimal | None, Decimal | None]
NONE: Amounts = (None, None, None)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Went:
    """Where one figure went by one way; `unallocated` is None where amounts do not apply."""

    flows: tuple[Flow, ...]
    unallocated: Decimal | None


def where_it_went(figures: pl.DataFrame, measure: Measure, way: Way) -> dict[int, Went]:
    """The flows of every figure.

    Args:
        figures: Shape OBSERVATIONS with `number`, their number.
        measure: Its rules. Amounts only apply where it adds up; an area that stays as it is keeps any figure.
        way: Where figures of old areas go.

    Returns:
        By the figure's number; the flows are in the order of their areas.
    """
    cut = _cut_amounts(figures, measure, way)
    found = {}
    for row in figures.iter_rows(named=True):
        number, value = row["number"], row["obs_value"]
        pairs = way.areas.by_source.get(row["ref_area"], ())
        amounts = {pair.to_area: _amounts(pair, value, measure, cut.get(number, {})) for pair in pairs}
        flows = tuple(_flow(pair, amounts[pair.to_area], way) for pair in pairs)
        left = cut.get(number, {}).get(None, (ZERO, None, None))[0]
        adds_up = measure.areas.rule == "sum" and value is not None
        found[number] = Went(flows, left if adds_up else None)
    return found


def _cut_amounts(figures: pl.DataFrame, measure: Measure, way: Way) -> Mapping[int, Mapping[str | None, Amounts]]:
    """What the pieces of cut areas get, by figure and area; the area None: what stays unallocated."""
    pieces = [pair for pair in way.areas.pairs if not pair.whole and pair.upper > 0 and pair.from_area]
    if measure.areas.rule != "sum" or not pieces:
        return {}
    wanted = set(figures["ref_area"])
    frame = pieces_frame([pair for pair in pieces if pair.from_area in wanted], measure.signed)
    amount = units("obs_value", measure.decimals)
    numbered = figures.select("ref_area", "time_period", "dimensions", "number", amount=amount)
    found: dict[int, dict[str | None, Amounts]] = defaultdict(dict)
    shared = apportion(numbered, frame, measure.signed, additive_dimensions(measure))
    rows = shared.select("number", "to_area", "given", "least", "most")
    for number, to_area, *amounts in rows.iter_rows():
        given, least, most = (None if one is None else _decimal(one, measure) for one in amounts)
        found[number][to_area] = (given, least, most)
    return found


def _decimal(number: int, measure: Measure) -> Decimal:
    return Decimal(number).scaleb(-measure.decimals)


def _amounts(pair: Pair, value: Decimal | None, measure: Measure, cut: Mapping[str | None, Amounts]) -> Amounts:
    if value is None:
        return NONE
    if pair.same or (pair.whole and measure.areas.rule == "sum"):
        return (value, value, value)
    if measure.areas.rule != "sum":
        return NONE
    return cut.get(pair.to_area, NONE) if pair.upper > 0 else (ZERO, ZERO, ZERO)


def _flow(pair: Pair, amounts: Amounts, way: Way) -> Flow:
    area = way.areas.to_areas.get(pair.to_area)
    name = area.name_vi if area is not None else ""
    return Flow(pair.to_area, name, pair.share, pair.lower, pair.upper, pair.quality, pair.law, *amounts)


def totals(figures: pl.DataFrame, went: Mapping[int, Went], measure: Measure, way: Way) -> list[Total]:
    """Both sides of every additive total, by period and dimensions.

    Raises:
        DataFault: They differ. This is a hard stop: such a record must not be signed.
    """
    if measure.areas.rule != "sum":
        return []
    sides: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO, ZERO, ZERO])
    known = figures.filter(pl.col("obs_value").is_not_null()).sort("time_period", "dimensions", "number")
    for row in known.iter_rows(named=True):
        one = went[row["number"]]
        given = [(flow.to_area in way.targets, flow.given or ZERO) for flow in one.flows]
        added = (
            Decimal(1),
            row["obs_value"],
            sum((amount for mine, amount in given if mine), ZERO),
            sum((amount for mine, amount in given if not mine), ZERO),
            one.unallocated or ZERO,
        )
        key = (row["time_period"], row["dimensions"])
        sides[key] = [total + amount for total, amount in zip(sides[key], added, strict=True)]
    found = [
        Total(way.areas.to_level, period, dimensions, int(count), *amounts)
        for (period, dimensions), (count, *amounts) in sorted(sides.items())
    ]
    if off := [total for total in found if not total.balanced]:
        raise DataFault([_imbalance(total, measure) for total in off])
    return found


def _imbalance(total: Total, measure: Measure) -> Finding:
    after = total.given + total.elsewhere + total.unallocated
    vi = f"{measure.id} {total.time_period}: tổng trước {total.before:f} khác tổng sau {after:f}; không lập biên bản"
    en = f"{measure.id} {total.time_period}: total before {total.before:f}, after {after:f}; no record is made"
    return Finding("handover.not-conserved", "error", vi, en, subject=measure.id, time_period=total.time_period)


def weights_of(figures: pl.DataFrame, weighing: pl.DataFrame | None) -> dict[tuple[str, str], Decimal]:
    """The total of the measure that weighs a mean, by old area and period."""
    if weighing is None:
        return {}
    held = weighing.filter(pl.col("dimensions") == "", pl.col("obs_value").is_not_null())
    rows = held.join(figures.select("ref_area", "time_period").unique(), on=["ref_area", "time_period"])
    return {
        (area, period): value
        for area, period, value in rows.select("ref_area", "time_period", pl.col("obs_value").cast(NUM)).iter_rows()
    }
