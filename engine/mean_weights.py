"""What weighs a mean: the observations of another measure, with their totals where only categories were reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from engine.aggregate import aggregate, refusals
from engine.frames import BASES, NUM, RESTATED, SCALE, units
from indicators.definitions import Codelist, Measure
from indicators.findings import Finding

SERIES = ["time_period", "dimensions"]


def with_totals(
    observations: pl.DataFrame, measure: Measure, codelists: Mapping[str, Codelist]
) -> tuple[pl.DataFrame, list[Finding]]:
    """The observations of a measure, and the totals that its categories make.

    Args:
        observations: `ref_area, time_period, dimensions, obs_value, obs_status` of one day's areas.
        measure: Its rules; a total over categories that overlap is refused, and the finding says so.
        codelists: By id, to know when all categories are there.
    """
    columns = ["ref_area", *SERIES, "obs_value", "obs_status"]
    given = observations.select(columns)
    if (given["dimensions"] == "").all():
        return given, []
    any_day = pl.lit(date.min)  # all are of one day, and a null would join nothing
    value = pl.col("obs_value").cast(NUM)
    rows = given.select(
        measure=pl.lit(measure.id), ref_area="ref_area", area_basis=any_day, time_period="time_period",
        dimensions="dimensions", obs_value=value, obs_lower=value, obs_upper=value, obs_status="obs_status",
        basis=pl.lit(BASES[0]), coverage=value.is_not_null().cast(pl.Int8).cast(RESTATED["coverage"]),
    )  # fmt: skip
    made = aggregate(rows, measure, [], codelists)
    _, findings = refusals(rows, made, measure, [])
    apart = given.filter(pl.col("dimensions") != "")
    return pl.concat([apart, made.select(columns)]), findings


def amounts(figures: pl.DataFrame, weights: pl.DataFrame) -> pl.Series:
    """The weight of each figure: that of the same categories where there are any such weights, else the total's.

    Args:
        figures: `ref_area, time_period, dimensions`.
        weights: The same columns with `obs_value`.
    """
    known = weights.select("ref_area", *SERIES, amount=units("obs_value", SCALE))
    totals = known.filter(pl.col("dimensions") == "").select("ref_area", "time_period", total="amount")
    series = known.select(SERIES).unique().with_columns(there=pl.lit(value=True))
    joined = (
        figures.select("ref_area", *SERIES)
        .join(known, on=["ref_area", *SERIES], how="left", maintain_order="left")
        .join(totals, on=["ref_area", "time_period"], how="left", maintain_order="left")
        .join(series, on=SERIES, how="left", maintain_order="left")
    )
    return joined.select(pl.when(pl.col("there")).then("amount").otherwise("total")).to_series()
