"""Gives the figures of areas that were cut to the pieces, to the last unit, where a share is known.

Largest remainder within each source figure, ties by code: what the pieces get and what stays unallocated always adds up
to the figure (Hamilton's method). Figures that are crossed by dimensions are rounded together, as a table. A piece
whose share is unknown gets nothing but certain bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import polars as pl

from engine.crossed_tables import fitted
from indicators.correspondence import Pair
from indicators.extent import FIRM, ONE, ZERO

MAX_PARTS = 10**15
"""Largest common denominator of the shares of one area, so that figure x share fits 128 bits."""

PIECES: dict[str, pl.DataType] = {
    "from_area": pl.String(),
    "to_area": pl.String(),
    **dict.fromkeys(("part", "parts", "low", "high"), pl.Int128()),
    **dict.fromkeys(("known", "firm", "estimated", "placeholder"), pl.Boolean()),
}
"""The pieces of cut areas; see `pieces_frame`."""


def pieces_frame(pairs: Sequence[Pair], signed: bool) -> pl.DataFrame:
    """The cut areas' pieces as whole numbers.

    Columns: `from_area, to_area, part, parts, low, high, known, firm, estimated, placeholder`. `part` of `parts` is the
    share, `low` and `high` of `parts` its bounds. Each area whose shares do not make a whole gets a row without
    `to_area`: what stays unallocated.
    """
    rows = []
    by_source: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_source.setdefault(pair.from_area, []).append(pair)
    for source, targets in by_source.items():
        shares = [_fraction(pair.share) for pair in targets if pair.share is not None]
        rest = ONE - sum(shares, ZERO)
        bounds = [_fraction(bound) for pair in targets for bound in (pair.lower, pair.upper)]
        parts = lcm(*(fraction.denominator for fraction in [*shares, *bounds, rest]))
        for pair in targets:
            share = ZERO if pair.share is None else _fraction(pair.share)
            rows.append(
                {
                    "from_area": source,
                    "to_area": pair.to_area,
                    "part": int(share * parts),
                    "parts": parts,
                    "low": int(_fraction(pair.lower) * parts),
                    "high": int(_fraction(pair.upper) * parts),
                    "known": pair.share is not None,
                    "firm": pair.quality in FIRM and not (signed and pair.share is None),
                    "estimated": pair.quality not in ("whole", "law"),
                    "placeholder": pair.quality == "placeholder",
                }
            )
        if rest > ZERO:
            rows.append(
                {"from_area": source, "to_area": None, "part": int(rest * parts), "parts": parts, "known": True}
            )
    return pl.DataFrame(rows, schema=PIECES, orient="row")


def _fraction(share: Fraction) -> Fraction:
    return share.limit_denominator(MAX_PARTS) if share.denominator > MAX_PARTS else share


def apportion(
    figures: pl.DataFrame, pieces: pl.DataFrame, signed: bool, additive: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Give each figure of a cut area to its pieces.

    Args:
        figures: `ref_area, time_period, dimensions, amount` (whole number of smallest units, or null: missing) and any
            other columns, which are kept.
        pieces: As `pieces_frame` gives them.
        signed: Amounts may be negative: then nothing is certain of a piece of unknown share.
        additive: The dimensions whose categories add up. All figures of an area and period must be there together, as
            they are rounded as one table (`engine.crossed_tables`); without such dimensions each is rounded by itself.

    Returns:
        The figures' columns with `to_area` (null: unallocated), `given` (null where the share is unknown or the amount
        missing), `least` and `most` (null: nothing certain), `known`, `estimated`, `placeholder`,
        `rough` (its table is not within one unit everywhere).
    """
    joined = (
        figures.with_row_index("figure_no")
        .join(pieces, left_on="ref_area", right_on="from_area")
        .with_columns(
            floor=pl.col("amount") * pl.col("part") // pl.col("parts"),
            remainder=pl.col("amount") * pl.col("part") % pl.col("parts"),
        )
        .sort("figure_no", "remainder", "to_area", descending=[False, True, False], nulls_last=True)
        .with_columns(
            left=(pl.col("amount") - pl.col("floor").sum()).over("figure_no"),
            place=pl.int_range(pl.len()).over("figure_no"),
        )
    )
    none_to_share = pl.lit(not signed) & (pl.col("amount") == 0)
    none_to_share = none_to_share.fill_null(value=False)
    joined = joined.with_columns(known=pl.col("known") | none_to_share, estimated=pl.col("estimated") & ~none_to_share)
    single = pl.when(pl.col("known")).then(pl.col("floor") + (pl.col("place") < pl.col("left")).cast(pl.Int128))
    joined = joined.join(fitted(joined, additive), on=["figure_no", "to_area"], how="left", nulls_equal=True)
    given, rough = pl.coalesce("fitted", single), pl.col("rough").fill_null(value=False)
    certain = pl.col("firm") | (pl.lit(not signed) & (pl.col("amount") >= 0))
    least = pl.when(pl.col("firm")).then(given).otherwise(pl.col("amount") * pl.col("low") // pl.col("parts"))
    most = (
        pl.when(pl.col("firm"))
        .then(given)
        .otherwise((pl.col("amount") * pl.col("high") + pl.col("parts") - 1) // pl.col("parts"))
    )
    bounds = {"least": pl.when(certain).then(least), "most": pl.when(certain).then(most)}
    return joined.with_columns(given=given, rough=rough, **bounds).drop(
        "figure_no", "part", "parts", "low", "high", "floor", "remainder", "left", "place", "firm", "fitted"
    )
