"""The shapes of the frames that figures travel in, and the statuses and bases that they carry."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

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


def empty(shape: dict[str, pl.DataType]) -> pl.DataFrame:
    """A frame of a shape without rows."""
    return pl.DataFrame(schema=shape)
