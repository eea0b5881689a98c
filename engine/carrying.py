"""Carries the last earlier figure forward where an indicator's definition says so, and marks it.

A carried figure has status I (imputed) and basis estimated; its bounds and coverage stay those of its own period. It
is not carried where it is certainly wrong (outside the bounds), where the figure is refused, suppressed or cannot
exist, nor further than `CARRIED_PERIODS` periods. Missing is never zero, and old never new: the mark travels along.
"""

from __future__ import annotations

import polars as pl

from indicators.definitions import Indicator
from indicators.periods import in_order, parse_period

CARRIED_PERIODS = 4
"""How many periods old a carried figure may be."""

SERIES = ["ref_area", "area_basis", "dimensions"]


def carry_forward(values: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Fill missing figures of the versions whose `when_missing` is `carry_forward`.

    Args:
        values: Figures of the indicator in the shape VALUES, of the wanted periods and of those before them.
        indicator: Its definition.

    Returns:
        The same rows, in order of time within a series; carried ones are marked.
    """
    carrying = {
        version.valid_from.isoformat() for version in indicator.versions if version.when_missing == "carry_forward"
    }
    if not carrying or values.is_empty():
        return values
    periods = in_order(parse_period(text) for text in values["time_period"].unique())
    places = {period.text: place for place, period in enumerate(periods)}
    ordered = values.with_columns(at=pl.col("time_period").replace_strict(places, return_dtype=pl.Int64)).sort(
        "at", *SERIES
    )
    known = pl.col("obs_value").is_not_null()
    last = ordered.with_columns(
        earlier=pl.col("obs_value").forward_fill().over(SERIES),
        since=pl.col("at") - pl.when(known).then(pl.col("at")).forward_fill().over(SERIES),
    )
    inside = (pl.col("earlier") >= pl.col("obs_lower")).fill_null(value=True) & (
        pl.col("earlier") <= pl.col("obs_upper")
    ).fill_null(value=True)
    carried = (
        ~known
        & pl.col("version").is_in(sorted(carrying))
        & pl.col("obs_status").is_in(["O", "L"])
        & (pl.col("since") <= CARRIED_PERIODS)
        & inside
    )
    return last.with_columns(
        obs_value=pl.when(carried).then(pl.col("earlier")).otherwise(pl.col("obs_value")),
        obs_status=pl.when(carried).then(pl.lit("I")).otherwise(pl.col("obs_status")),
        basis=pl.when(carried).then(pl.lit("estimated")).otherwise(pl.col("basis")),
    ).select(values.columns)
