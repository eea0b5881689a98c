"""The shapes of the frames that figures travel in, and the statuses and bases that they carry."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from indicators.rounding import half_up_units

SCALE = 9
NUM = pl.Decimal(38, SCALE)
COVERAGE = pl.Decimal(9, 6)

OBSERVATIONS: dict[str, pl.DataType] = {
    "measure": pl.String(),
    "ref_area": pl.String(),
    "area_basis": pl.Date(),
    "time_period": pl.String(),
    "dimensions": pl.String(),
    "obs_value": NUM,
    "obs_status": pl.String(),
    "load_id": pl.String(),
    "source": pl.String(),
}
"""Observations as received; `area_basis` is the day whose areas the codes mean, `source` is `file:row`."""

RESTATED: dict[str, pl.DataType] = {
    "measure": pl.String(),
    "ref_area": pl.String(),
    "area_basis": pl.Date(),
    "time_period": pl.String(),
    "dimensions": pl.String(),
    "obs_value": NUM,
    "obs_lower": NUM,
    "obs_upper": NUM,
    "obs_status": pl.String(),
    "basis": pl.String(),
    "coverage": COVERAGE,
}
"""Figures carried over to the areas of `area_basis`; published with their `run_id`."""

HOLDS = 2**126
"""What is smaller can be multiplied, added to its like and still be held by 128 bits."""

BASES = ("reported", "exact", "estimated", "partial", "refused")
"""What a figure rests on, best first; a figure made of others has the worst of theirs."""

STATUSES = ("A", "S", "B", "P", "I", "F", "E", "N", "M", "L", "O", "Q")
"""SDMX observation statuses, weakest claim on attention first; a figure made of others has the last of theirs.

Source of the codes: SDMX CL_OBS_STATUS. The order is ours: an estimate outweighs a provisional value, a missing value
outweighs both, and a suppressed one outweighs all, so that no combination makes a figure look better than its parts.
"""

MISSING_STATUSES = ("M", "L", "O", "Q")
"""Statuses of observations without a value."""


def rank(column: str, order: tuple[str, ...]) -> pl.Expr:
    """The place of a status or basis in its order; what is not in the order comes last."""
    return (
        pl.col(column).replace_strict({name: i for i, name in enumerate(order)}, default=len(order) - 1).cast(pl.Int8)
    )


def unrank(expression: pl.Expr, order: tuple[str, ...]) -> pl.Expr:
    """The status or basis at a place of its order."""
    return expression.replace_strict(dict(enumerate(order)), return_dtype=pl.String)


def units(column: str, decimals: int) -> pl.Expr:
    """A decimal as a whole number of its smallest unit: 16.29 with 2 decimals is 1629. Sums of these are exact."""
    return pl.col(column).cast(NUM).to_physical() // int(10 ** (SCALE - decimals))


def decimal(expression: pl.Expr, decimals: int) -> pl.Expr:
    """The decimal of a whole number of smallest units: the inverse of `units`."""
    smallest = pl.lit(Decimal(1).scaleb(-SCALE), dtype=NUM)
    whole = expression.cast(pl.Int128) * int(10 ** (SCALE - decimals))
    return (whole.cast(pl.Decimal(38, 0)) * smallest).cast(NUM)


def half_up(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """The quotient of whole numbers as a whole number, halves away from zero; null where the denominator is zero."""
    divisor = pl.when(denominator != 0).then(denominator)
    magnitude = (2 * numerator.abs() + divisor.abs()) // (2 * divisor.abs())
    return magnitude * numerator.sign() * divisor.sign()


def weighted_mean(rows: pl.DataFrame, figure: pl.Expr, weight: pl.Expr) -> pl.Expr:
    """The mean of whole numbers by whole weights, halves away from zero; null where all weights are nothing.

    Args:
        rows: What will be grouped and aggregated by the expression.
        figure: The numbers.
        weight: Their weights; where either is missing the row does not count.
    """
    sizes = [largest(rows.select(one).to_series()) for one in (figure, weight)]
    if 2 * sizes[0] * sizes[1] * rows.height < HOLDS:
        return half_up((figure * weight).sum(), pl.when(figure.is_not_null()).then(weight).sum())
    return pl.map_groups([figure, weight], _weighted_mean, return_dtype=pl.Int128, returns_scalar=True)


def _weighted_mean(columns: Sequence[pl.Series]) -> int | None:
    """With numbers of any length, one group at a time."""
    pairs = [pair for pair in zip(*columns, strict=True) if None not in pair]
    total = sum(weight for _, weight in pairs)
    return half_up_units(sum(figure * weight for figure, weight in pairs), total, 0) if total else None


def largest(numbers: pl.Series) -> int:
    """The largest of whole numbers without their sign; 0 of none."""
    ends: list[int] = [end for end in (numbers.min(), numbers.max()) if isinstance(end, int)]
    return max(map(abs, ends), default=0)


def empty(shape: dict[str, pl.DataType]) -> pl.DataFrame:
    """A frame of a shape without rows."""
    return pl.DataFrame(schema=shape)
