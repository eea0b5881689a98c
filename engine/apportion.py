"""Gives the figures of areas that were cut to the pieces, to the last unit, where a share is known.

Largest remainder within each source figure, ties by code: what the pieces get and what stays unallocated always adds up
to the figure (Hamilton's method). Figures that are crossed by dimensions are rounded together, as a table. A piece
whose share is unknown gets nothing but certain bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import polars as pl

from engine.crossed_tables import fitted
from engine.frames import HOLDS, largest
from indicators.correspondence import Pair
from indicators.extent import FIRM, ONE, ZERO

MAX_PARTS = 10**36
"""Largest common denominator of the shares of one area; a long chain of cuts may have a larger one, and is rounded."""

PIECES: dict[str, pl.DataType] = {
    "from_area": pl.String(),
    "to_area": pl.String(),
    **dict.fromkeys(("part", "parts", "low", "high"), pl.Int128()),
    **dict.fromkeys(("known", "firm", "placeholder"), pl.Boolean()),
}
"""The pieces of cut areas; see `pieces_frame`."""


def pieces_frame(pairs: Sequence[Pair], signed: bool) -> pl.DataFrame:
    """The cut areas' pieces as whole numbers.

    Columns: `from_area, to_area, part, parts, low, high, known, firm, placeholder`. `part` of `parts` is the share,
    `low` and `high` of `parts` its bounds. Each area whose shares do not make a whole gets a row without `to_area`:
    what stays unallocated.
    """
    rows = []
    by_source: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_source.setdefault(pair.from_area, []).append(pair)
    for source, targets in by_source.items():
        shares = [ZERO if pair.share is None else pair.share for pair in targets]
        rest = ONE - sum(shares, ZERO)
        bounds = [bound for pair in targets for bound in (pair.lower, pair.upper)]
        parts = min(MAX_PARTS, lcm(*(fraction.denominator for fraction in [*shares, *bounds])))
        *numbers, left = numerators([*shares, rest], parts)
        for pair, part in zip(targets, numbers, strict=True):
            rows.append(
                {
                    "from_area": source,
                    "to_area": pair.to_area,
                    "part": part,
                    "parts": parts,
                    "low": pair.lower * parts // 1,
                    "high": -(-pair.upper * parts // 1),
                    "known": pair.share is not None,
                    "firm": pair.quality in FIRM and not (signed and pair.share is None),
                    "placeholder": pair.quality == "placeholder",
                }
            )
        if left > 0:
            rows.append({"from_area": source, "to_area": None, "part": left, "parts": parts, "known": True})
    return pl.DataFrame(rows, schema=PIECES, orient="row")


def numerators(shares: Sequence[Fraction], parts: int) -> list[int]:
    """Shares as whole numbers of so many parts; what rounding leaves goes to the largest remainders."""
    numbers = [int(share * parts) for share in shares]
    left = int(sum(shares, ZERO) * parts) - sum(numbers)
    for place in sorted(range(len(shares)), key=lambda one: numbers[one] - shares[one] * parts)[:left]:
        numbers[place] += 1
    return numbers


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
        _quotients(figures.with_row_index("figure_no").join(pieces, left_on="ref_area", right_on="from_area"))
        .sort("figure_no", "remainder", "to_area", descending=[False, True, False], nulls_last=True)
        .with_columns(
            left=(pl.col("amount") - pl.col("floor").sum()).over("figure_no"),
            place=pl.int_range(pl.len()).over("figure_no"),
        )
    )
    none_to_share = pl.lit(not signed) & (pl.col("amount") == 0)
    none_to_share = none_to_share.fill_null(value=False)
    # A share of all or nothing is no cut: whatever a share says of this figure, it says of another day or measure.
    joined = joined.with_columns(known=pl.col("known") | none_to_share, estimated=~none_to_share)
    single = pl.when(pl.col("known")).then(pl.col("floor") + (pl.col("place") < pl.col("left")).cast(pl.Int128))
    joined = joined.join(fitted(joined, additive), on=["figure_no", "to_area"], how="left", nulls_equal=True)
    given, rough = pl.coalesce("fitted", single), pl.col("rough").fill_null(value=False)
    certain = pl.col("firm") | (pl.lit(not signed) & (pl.col("amount") >= 0))
    least = pl.when(certain).then(pl.min_horizontal("least", given))
    most = pl.when(certain).then(pl.max_horizontal("most", given))
    return joined.with_columns(given=given, rough=rough, least=least, most=most).drop(
        "figure_no", "part", "parts", "low", "high", "floor", "remainder", "left", "place", "firm", "fitted"
    )


def _quotients(joined: pl.DataFrame) -> pl.DataFrame:
    """With `floor` and `remainder` of each piece's part of an amount, and its bounds `least` and `most`, all exact."""
    names = ("amount", "part", "parts", "low", "high")
    if largest(joined["amount"]) * largest(joined["parts"]) < HOLDS:
        return joined.with_columns(**_shared_out(*(pl.col(name) for name in names)))
    nothing = dict.fromkeys(("floor", "remainder", "least", "most"))
    exact = joined.select(names).with_columns(pl.col("low", "high").fill_null(0))  # what stays unallocated has none
    rows = [nothing if row[0] is None else _shared_out(*row) for row in exact.iter_rows()]
    return joined.hstack(pl.DataFrame(rows, schema=dict.fromkeys(nothing, pl.Int128)))


def _shared_out(amount: Any, part: Any, parts: Any, low: Any, high: Any) -> dict[str, Any]:
    """The same of columns of 128 bits and of numbers of any length."""
    return {
        "floor": amount * part // parts,
        "remainder": amount * part % parts,
        "least": amount * low // parts,
        "most": (amount * high + parts - 1) // parts,
    }
