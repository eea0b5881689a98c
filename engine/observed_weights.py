"""The amounts that a measure's own observations give as weights: one for each area, of one period for each day.

Which period: the one in which most areas reported, the latest of those. All areas of a day take part with the same
period, since two periods' amounts differ by growth.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from engine.aggregate import names_of
from indicators.definitions import Measure
from indicators.periods import parse_period


def observed_weights(observations: pl.DataFrame, measure: Measure) -> dict[date, dict[str, Decimal]]:
    """The amounts of a measure by the day whose areas they are of.

    Args:
        observations: Shape OBSERVATIONS; those of other measures are left out.
        measure: The measure that weighs. Only a sum can: figures that do not add up say nothing of a part.

    Returns:
        Day to area code to amount: the area's total, or the sum of its full breakdown. A day with a negative amount in
        its chosen period is left out, as nothing can be shared by it.
    """
    if measure.areas.rule != "sum":
        return {}
    own = observations.filter(pl.col("measure") == measure.id)
    return {
        day: amounts
        for (day,), group in sorted(own.partition_by("area_basis", as_dict=True).items())
        if (amounts := _fullest(_totals(group, measure))) and min(amounts.values()) >= 0
    }


def _totals(figures: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """`ref_area, time_period, obs_value`: the total as it was given, else the sum of a breakdown without gaps."""
    direct = figures.filter(pl.col("dimensions") == "").select("ref_area", "time_period", "obs_value")
    if any(rule == "none" for rule in measure.dimension_rules.values()) or not measure.dimensions:
        return direct.drop_nulls()
    full = figures.filter(names_of("dimensions") == ";".join(sorted(measure.dimensions)))
    categories = full.group_by("time_period").agg(due=pl.col("dimensions").n_unique())
    summed = (
        full.drop_nulls("obs_value")
        .group_by("ref_area", "time_period")
        .agg(pl.col("obs_value").sum(), there=pl.len())
        .join(categories, on="time_period")
        .filter(pl.col("there") == pl.col("due"))
        .select("ref_area", "time_period", pl.col("obs_value").cast(direct.schema["obs_value"]))
    )
    return pl.concat([direct, summed.join(direct, on=["ref_area", "time_period"], how="anti")]).drop_nulls()


def _fullest(totals: pl.DataFrame) -> dict[str, Decimal] | None:
    if totals.is_empty():
        return None
    counted = dict(totals.group_by("time_period").len().iter_rows())
    chosen = max(counted, key=lambda text: (counted[text], parse_period(text).end, text))
    rows = totals.filter(pl.col("time_period") == chosen).sort("ref_area").select("ref_area", "obs_value")
    return dict(rows.iter_rows())
