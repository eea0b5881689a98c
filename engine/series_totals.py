"""Both sides of the totals of sums in dense blocks; a total that is not conserved stops everything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from engine.check import BALANCE, balance
from engine.dense_layout import Layout
from engine.dense_sum import Block, Sums
from engine.frames import decimal
from engine.restate_dense import as_observations, as_restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure


def series_totals(
    sums: Sums,
    block: Block,
    layout: Layout,
    codes: Sequence[str],
    series: pl.DataFrame,
    measure: Measure,
    areas: Correspondence,
) -> pl.DataFrame:
    """Both sides of the totals of one measure.

    Args:
        sums: What was added up.
        block: From what; `codes` are its columns.
        layout: How.
        codes: The areas of the block.
        series: `time_period, dimensions` of each row.
        measure: Its rules.
        areas: How the areas map.

    Returns:
        One row for each series, in the shape BALANCE of `engine.check`.

    Raises:
        DataFault: A total differs before and after; the areas are named. This is a hard stop.
    """
    sides = {
        "before": sums.before,
        "values": np.where(sums.has_value, sums.value, 0)[:, : layout.shown].sum(axis=1),
        "held": sums.held.sum(axis=1),
        "unallocated": sums.unallocated.sum(axis=1),
    }
    if (sides["before"] != sides["values"] + sides["held"] + sides["unallocated"]).any():
        given = as_observations(block, codes, series, measure)
        balance(given, as_restated(sums, block, layout, codes, series, measure, areas), measure, areas)
        raise AssertionError(f"{measure.id}: totals differ in blocks, not in frames")
    amounts = [decimal(pl.lit(pl.Series(amount)), measure.decimals).alias(name) for name, amount in sides.items()]
    labelled = series.with_columns(
        *amounts, measure=pl.lit(measure.id), area_basis=pl.lit(areas.to_day), level=pl.lit(areas.to_level)
    )
    # A plain sum has no other places for an amount to be.
    nothing = [pl.lit(0).cast(kind).alias(name) for name, kind in BALANCE.items() if name not in labelled.columns]
    return labelled.with_columns(nothing).select(*BALANCE).sort("time_period", "dimensions")
