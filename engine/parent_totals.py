"""Narrows what is certain of areas by the exact total of the area above them.

An area has at most what its parent's total leaves beside the least of the others, and at least what the most of the
others leaves of it. Where both meet, that is its figure. Nothing is narrowed beside a suppressed figure: what the total
leaves would tell it.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from engine.frames import NUM, RESTATED
from engine.restate import SERIES
from indicators.areas import Register
from indicators.correspondence import areas_at
from indicators.definitions import Measure


def level_above(register: Register, day: date, level: str) -> str | None:
    """The nearest level above one that there is on a day."""
    there = {area.level for area in register.on(day).values()}
    above = [one for one in register.levels[: register.levels.index(level)] if one in there]
    return above[-1] if above else None


def parents_of(register: Register, day: date, upper: str, lower: str) -> pl.DataFrame:
    """`ref_area, parent`: the area of the upper level that each area of the lower level lies in."""
    at, below = areas_at(register, day, upper), areas_at(register, day, lower)
    pairs = sorted({(below[code], at[code]) for code in at if code in below})
    return pl.DataFrame(pairs, schema={"ref_area": pl.String, "parent": pl.String}, orient="row")


def narrowed(lower: pl.DataFrame, upper: pl.DataFrame, parents: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """The figures of a level with bounds narrowed by the totals above.

    Args:
        lower: Figures of the lower level, shape RESTATED.
        upper: Figures of the upper level that are made of the same observations; only exact ones are used.
        parents: As `parents_of` gives them.
        measure: Their measure; only of sums is anything known.

    Returns:
        The lower figures in their order. One whose bounds meet has them as its value, basis exact and the status of
        the total.
    """
    exact = upper.filter(pl.col("basis").is_in(["reported", "exact"]), pl.col("obs_value").is_not_null())
    if measure.areas.rule != "sum" or exact.is_empty() or lower["obs_value"].null_count() == 0:
        return lower
    if measure.internal_flow is not None:  # moves within an area above are in the figures below it and not in its own
        return lower
    totals = exact.select(*SERIES, parent="ref_area", total="obs_value", its_status="obs_status")
    nothing = pl.lit(None if measure.signed else 0, dtype=NUM)
    group = ["parent", *SERIES]
    joined = (
        lower.with_row_index("row_no")
        .join(parents, on="ref_area", how="left")
        .join(totals, on=group, how="left")
        .with_columns(least=pl.coalesce("obs_lower", nothing), most=pl.col("obs_upper"))
        .with_columns(told=~(pl.col("obs_status") == "Q").any().over(group))
    )
    beside = pl.col("total") - _others("least", group)
    within = pl.col("total") - _others("most", group)
    free = pl.col("told") & pl.col("obs_value").is_null() & (pl.col("basis") != "refused")
    joined = joined.with_columns(
        most=pl.when(free).then(pl.min_horizontal("obs_upper", beside)).otherwise("obs_upper"),
        least=pl.when(free).then(pl.max_horizontal("least", within)).otherwise("obs_lower"),
    )
    met = free & pl.col("total").is_not_null() & (pl.col("least") == pl.col("most"))
    kept = free & pl.col("total").is_not_null()
    return (
        joined.sort("row_no")
        .with_columns(
            obs_value=pl.when(met).then("least").otherwise("obs_value").cast(NUM),
            obs_lower=pl.when(kept).then("least").otherwise("obs_lower").cast(NUM),
            obs_upper=pl.when(kept).then("most").otherwise("obs_upper").cast(NUM),
            obs_status=pl.when(met).then("its_status").otherwise("obs_status"),
            basis=pl.when(met).then(pl.lit("exact")).otherwise("basis"),
        )
        .select(*RESTATED)
    )


def _others(column: str, group: list[str]) -> pl.Expr:
    """The sum over the other areas of a parent; null where one of them is not known."""
    own_missing = pl.col(column).is_null()
    missing = own_missing.sum().over(group)
    beside = pl.col(column).sum().over(group) - pl.col(column).fill_null(0)
    return pl.when(missing == own_missing.cast(pl.UInt32)).then(beside)
