"""Both sides of the totals of sums in dense blocks; a total that is not conserved stops everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.check import BALANCE, balance
from engine.dense_layout import Ints, Layout
from engine.dense_sum import Block, Sums
from engine.frames import decimal
from engine.restate_dense import as_observations, as_restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure

Series = Sequence[tuple[str, str]]
"""Period and dimensions of each row of a block."""


@dataclass(frozen=True)
class SeriesTotals:
    """Both sides of the totals of one measure, in its smallest units: `before`, `values`, `held`, `unallocated`."""

    measure: Measure
    areas: Correspondence
    series: Series
    sides: Mapping[str, Ints]

    def frame(self) -> pl.DataFrame:
        """One row for each series, in the shape BALANCE of `engine.check`."""
        decimals, areas = self.measure.decimals, self.areas
        amounts = [decimal(pl.lit(pl.Series(amount)), decimals).alias(name) for name, amount in self.sides.items()]
        labelled = frame_of(self.series).with_columns(
            *amounts, measure=pl.lit(self.measure.id), area_basis=pl.lit(areas.to_day), level=pl.lit(areas.to_level)
        )
        # A plain sum has no other places for an amount to be.
        nothing = [pl.lit(0).cast(kind).alias(name) for name, kind in BALANCE.items() if name not in labelled.columns]
        return labelled.with_columns(nothing).select(*BALANCE).sort("time_period", "dimensions")


def series_totals(
    sums: Sums,
    block: Block,
    layout: Layout,
    codes: Sequence[str],
    series: Series,
    measure: Measure,
    areas: Correspondence,
) -> SeriesTotals:
    """Both sides of the totals of one measure.

    Args:
        sums: What was added up.
        block: From what; `codes` are its columns.
        layout: How.
        codes: The areas of the block.
        series: What each row is of.
        measure: Its rules.
        areas: How the areas map.

    Raises:
        DataFault: A total differs before and after; the areas are named. This is a hard stop.
    """
    sides = {
        "before": block.values.sum(axis=1),
        "values": np.where(sums.has_value, sums.value, 0)[: layout.shown].sum(axis=0),
        "held": np.where(sums.is_held, sums.value, 0).sum(axis=0),
        "unallocated": sums.unallocated.sum(axis=0),
    }
    if (sides["before"] != sides["values"] + sides["held"] + sides["unallocated"]).any():
        rows = frame_of(series)
        given = as_observations(block, codes, rows, measure)
        balance(given, as_restated(sums, block, layout, codes, rows, measure, areas), measure, areas)
        raise AssertionError(f"{measure.id}: totals differ in blocks, not in frames")
    return SeriesTotals(measure, areas, series, sides)


def frame_of(series: Series) -> pl.DataFrame:
    """`time_period, dimensions`."""
    return pl.DataFrame(series, schema={"time_period": pl.String, "dimensions": pl.String}, orient="row")
