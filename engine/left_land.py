"""Land that is in no area of the day asked for takes its figures along: they are in no row, so they are named here.

It left every area (a change with an empty `to_code`), or going back it belonged to none yet (an empty `from_code`).
The other way round, an area may begin without any row that says where its land came from: then it has no figure, and
what is its may stand in the figure of another area.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from engine.aggregate import names_of
from indicators.correspondence import Correspondence, Pair
from indicators.definitions import Measure
from indicators.findings import Finding

MOST = 10


def left_pairs(areas: Correspondence) -> list[Pair]:
    """The areas of which something that counts is in no area of the day asked for."""
    return [pair for pair in areas.by_target.get("", ()) if pair.from_area and pair.upper > 0]


def left_land(observations: pl.DataFrame, measure: Measure, areas: Correspondence) -> list[Finding]:
    """One finding for each period with figures of such areas: which they are, and how much is in no row for that.

    Args:
        observations: `ref_area, time_period, dimensions, obs_value`, suppressed figures left out.
        measure: What they measure; of what does not add up only the areas are named.
        areas: How the areas map.
    """
    pairs = {pair.from_area: pair for pair in left_pairs(areas)}
    if not pairs or measure.internal_flow is not None:
        return []
    there = observations.filter(pl.col("ref_area").is_in(list(pairs)), pl.col("obs_value").is_not_null())
    findings = []
    for (period,), group in sorted(there.partition_by("time_period", as_dict=True).items()):
        totals = _totals(group, measure)
        some = _listed([_text(pairs[code], amount) for code, amount in sorted(totals.items())])
        day, subject = areas.to_day, f"{measure.id} {period}"
        vi = f"{subject}: đất không thuộc địa bàn nào ngày {day}, nên số liệu này không nằm ở dòng nào: {some}"
        en = f"{subject}: land that is in no area on {day}, so these figures are in no row: {some}"
        findings.append(Finding("restate.left", "warning", vi, en, subject=measure.id, time_period=str(period)))
    return findings


def from_nowhere(measure: Measure, areas: Correspondence) -> list[Finding]:
    """A finding that names the areas of the day asked for that no land came to, not even new land.

    Args:
        measure: What is being restated.
        areas: How the areas map.
    """
    codes = sorted(code for code in areas.to_areas if code not in areas.by_target)
    if not codes:
        return []
    some, days = _listed(codes), f"{areas.from_day} – {areas.to_day}"
    vi = (
        f"{measure.id}: không dòng nào của changes.csv ({days}) nói đất của {some} từ đâu đến, nên không có số,"
        " và số của nơi ấy có thể đang nằm ở địa bàn khác; hãy thêm dòng (from_code trống nếu là đất mới)"
    )
    en = (
        f"{measure.id}: no row of changes.csv ({days}) says where the land of {some} came from, so it has no figure,"
        " and what is its may be counted elsewhere; add the row (an empty from_code if the land is new)"
    )
    return [Finding("restate.from-nowhere", "warning", vi, en, subject=measure.id, ref_area=codes[0])]


def _totals(group: pl.DataFrame, measure: Measure) -> dict[str, Decimal | None]:
    """The total of each area, or the sum over its finest breakdown; None where figures do not add up."""
    if measure.areas.rule != "sum":
        return dict.fromkeys(sorted(group["ref_area"].unique()))
    names = group.select(named=names_of("dimensions")).to_series().unique().to_list()
    finest = "" if "" in names else max(names, key=lambda text: (text.count(";"), text))
    chosen = group.filter(names_of("dimensions") == finest)
    return dict(chosen.group_by("ref_area").agg(pl.col("obs_value").sum()).iter_rows())


def _text(pair: Pair, amount: Decimal | None) -> str:
    if amount is None:
        return pair.from_area
    if pair.whole:
        return f"{pair.from_area} {_plain(amount)}"
    least, most = (Decimal(bound.numerator) * amount / bound.denominator for bound in (pair.lower, pair.upper))
    return f"{pair.from_area} {_plain(round(least, 1))}…{_plain(round(most, 1))}"


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:MOST]) + (" …" if len(texts) > MOST else "")


def left_amounts(held: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """`time_period, dimensions, obs_value`: what is known to have left, of `Restated.held`."""
    left = held.filter(pl.col("ref_area") == "", pl.lit(measure.internal_flow is None))
    return left.select("time_period", "dimensions", "obs_value")
