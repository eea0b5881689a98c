"""Sums of figures over time, as whole numbers: exact until the one rounding of an average.

A figure is kept as `amount`, its value in 10^-9 units times its length (1 for a flow), so that sums over months,
quarters and half-years can be mixed and an average is divided once, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.frames import BASES, COVERAGE, NUM, RESTATED, SCALE, STATUSES, decimal, half_up, rank, units, unrank
from indicators.definitions import Measure

SERIES = ["ref_area", "area_basis", "dimensions"]
SPAN = [*SERIES, "amount", "low", "high", "status", "place", "covered", "length"]
"""`covered` is the coverage in millionths times the length."""

_OPEN, _HIDDEN = STATUSES.index("O"), STATUSES.index("Q")
_EXACT, _PARTIAL, _REFUSED = BASES.index("exact"), BASES.index("partial"), BASES.index("refused")


def prepared(rows: pl.DataFrame, length: int, measure: Measure) -> pl.DataFrame:
    """Restated figures of one period, ready to be added to others."""
    factor = length if measure.time == "average" else 1
    numbers = {"amount": "obs_value", "low": "obs_lower", "high": "obs_upper"}
    return rows.select(
        *SERIES,
        *((pl.col(source).cast(NUM).to_physical() * factor).alias(name) for name, source in numbers.items()),
        status=rank("obs_status", STATUSES),
        place=rank("basis", BASES),
        covered=units("coverage", 6).cast(pl.Int128) * length,
        length=pl.lit(length, dtype=pl.Int128),
    )


def summed(parts: Sequence[pl.DataFrame], expected: int, length: int, measure: Measure) -> pl.DataFrame:
    """The sum of the parts of a period, series by series.

    Args:
        parts: As `prepared` gives them; a part of which nothing is given is not there.
        expected: How many parts the period has.
        length: The length of the period.
        measure: Only an unsigned measure is at least what is known of it.
    """
    here = pl.len() == expected
    complete = here & pl.col("amount").is_not_null().all()
    least = here & pl.col("low").is_not_null().all()
    if not measure.signed:
        least = pl.col("low").is_not_null().any()
    refused = (pl.col("place") == _REFUSED).any()
    hidden = (pl.col("status") == _HIDDEN).any()
    return (
        pl.concat(parts)
        .group_by(SERIES)
        .agg(
            amount=pl.when(complete).then(pl.col("amount").sum()),
            low=pl.when(least).then(pl.col("low").sum()),
            high=pl.when(here & pl.col("high").is_not_null().all()).then(pl.col("high").sum()),
            status=pl.when(complete).then(pl.col("status").max()).when(hidden).then(_HIDDEN).otherwise(_OPEN),
            place=pl.when(refused).then(_REFUSED)
            .when(complete).then(pl.max_horizontal(pl.col("place").max(), pl.lit(_EXACT)))
            .otherwise(_PARTIAL),
            covered=pl.col("covered").sum(),
            length=pl.lit(length, dtype=pl.Int128),
        )
        .with_columns(
            amount=pl.when(pl.col("place") != _REFUSED).then(pl.col("amount")),
            low=pl.when(pl.col("place") != _REFUSED).then(pl.col("low")),
            high=pl.when(pl.col("place") != _REFUSED).then(pl.col("high")),
            status=pl.when(pl.col("place") == _REFUSED).then(STATUSES.index("M")).otherwise(pl.col("status")),
        )
        .cast({"status": pl.Int8, "place": pl.Int8})
        .select(SPAN)
    )  # fmt: skip


def last_part(last: pl.DataFrame | None, length: int) -> pl.DataFrame | None:
    """The stock at the end of a period: that of its last part, whatever the earlier ones are."""
    if last is None:
        return None
    return last.with_columns(
        covered=pl.col("covered") * length // pl.col("length"), length=pl.lit(length, dtype=pl.Int128)
    )


def published(made: pl.DataFrame, measure: Measure, period: str) -> pl.DataFrame:
    """Made figures in the shape RESTATED; an average is divided and rounded half up here, its bounds outward."""
    digits = measure.decimals
    if measure.time == "average":
        unit = pl.col("length") * int(10 ** (SCALE - digits))
        value, low = half_up(pl.col("amount"), unit), pl.col("low") // unit
        high = (pl.col("high") + unit - 1) // unit
        exact = (pl.col("low") == pl.col("high")).fill_null(value=False)
        numbers = (value, pl.when(exact).then(value).otherwise(low), pl.when(exact).then(value).otherwise(high))
    else:
        digits = SCALE
        numbers = (pl.col("amount"), pl.col("low"), pl.col("high"))
    return made.select(
        measure=pl.lit(measure.id),
        ref_area="ref_area",
        area_basis="area_basis",
        time_period=pl.lit(period),
        dimensions="dimensions",
        **{
            name: decimal(number, digits)
            for name, number in zip(("obs_value", "obs_lower", "obs_upper"), numbers, strict=True)
        },
        obs_status=unrank(pl.col("status"), STATUSES),
        basis=unrank(pl.col("place"), BASES),
        coverage=decimal(half_up(pl.col("covered"), pl.col("length")), 6).cast(COVERAGE),
    ).select(*RESTATED)
