"""The rule `sum` on dense blocks behind the interface of `engine.restate`: frames in, the same frames out, faster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from engine.dense_layout import Bools, Ints, Layout, lay_out
from engine.dense_scope import figures_fit, rule_fits
from engine.dense_sum import Block, Sums, add_up, fits
from engine.frames import BASES, COVERAGE, NUM, RESTATED, STATUSES, decimal, rank, units
from engine.restate import SERIES
from engine.restated import Restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure


def restate_dense(observations: pl.DataFrame, measure: Measure, areas: Correspondence) -> Restated | None:
    """Restate the observations of one additive measure; see `engine.restate.restate`.

    Returns:
        The same as the general path, or None where only that can do it: more than a plain sum (`engine.dense_scope`),
        an area that is not in force, a key that occurs twice, or figures so large that 64 bits may not hold a sum.
    """
    if not rule_fits(measure, areas):
        return None
    codes = sorted(areas.from_areas)
    figures = observations.select(
        pl.col("ref_area")
        .replace_strict(codes, range(len(codes)), default=None, return_dtype=pl.Int64)
        .alias("column"),
        pl.struct(SERIES).rank("dense").cast(pl.Int64).alias("series") - 1,
        units("obs_value", measure.decimals).cast(pl.Int64, strict=False).alias("value"),
        rank("obs_status", STATUSES).alias("status"),
        pl.col("obs_value").is_null().alias("blank"),
    )
    too_large = figures.filter(pl.col("value").is_null() & ~pl.col("blank")).height
    if figures["column"].null_count() or too_large:
        return None
    series = observations.select(SERIES).unique().sort(SERIES)
    block = _block(figures, series.height, len(codes))
    layout = lay_out(areas, codes, measure.signed)
    if block is None or not fits(block.largest, layout) or not figures_fit(block, measure):
        return None
    return as_restated(add_up(block, layout, measure.signed), block, layout, codes, series, measure, areas)


def as_restated(
    sums: Sums,
    block: Block,
    layout: Layout,
    codes: Sequence[str],
    series: pl.DataFrame,
    measure: Measure,
    areas: Correspondence,
) -> Restated:
    """Sums as frames.

    Args:
        sums: What was added up.
        block: From what.
        layout: How; `codes` are its columns.
        codes: The areas of the block.
        series: `time_period, dimensions` of each row.
        measure: Its rules.
        areas: How the areas map.
    """
    there = ~block.missing[:, sums.unallocated_columns].T
    sources = pl.Series([codes[column] for column in sums.unallocated_columns], dtype=pl.String)
    return Restated(
        rows=_rows(sums, layout, series, measure, areas),
        held=_listed(sums.value, sums.is_held, pl.Series(layout.targets), series, measure),
        unallocated=_listed(sums.unallocated, there, sources, series, measure),
        findings=(),
    )


def as_observations(block: Block, codes: Sequence[str], series: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """What a block holds, as `ref_area, time_period, dimensions, obs_value`."""
    cells = ~block.missing
    cells[:, -1] = False
    return _listed(block.values.T, cells.T, pl.Series([*codes, ""]), series, measure)


def _block(figures: pl.DataFrame, series: int, columns: int) -> Block | None:
    at = (figures["series"] * (columns + 1) + figures["column"]).to_numpy()
    values, status = np.zeros(series * (columns + 1), np.int64), np.zeros(series * (columns + 1), np.int8)
    missing, there = np.ones(values.shape, bool), np.zeros(values.shape, bool)
    there[at] = True
    if int(there.sum()) != len(at):
        return None
    values[at] = figures["value"].fill_null(0).to_numpy()
    status[at] = figures["status"].to_numpy()
    missing[at] = figures["blank"].to_numpy()
    shape = (series, columns + 1)
    missing.reshape(shape)[:, -1] = False
    return Block(values.reshape(shape), missing.reshape(shape), status.reshape(shape))


def _rows(sums: Sums, layout: Layout, series: pl.DataFrame, measure: Measure, areas: Correspondence) -> pl.DataFrame:
    shown = layout.shown

    def flat(cells: Any) -> pl.Series:
        return pl.Series(cells[:shown].ravel())

    targets = pl.DataFrame({"ref_area": pl.Series(layout.targets[:shown], dtype=pl.String)})
    numbers = [
        pl.when(flat(has)).then(decimal(pl.lit(flat(cells)), measure.decimals)).alias(name)
        for name, cells, has in (
            ("obs_value", sums.value, sums.has_value),
            ("obs_lower", sums.lower, sums.has_lower),
            ("obs_upper", sums.upper, sums.has_upper),
        )
    ]
    rows = targets.join(series, how="cross", maintain_order="left_right").with_columns(
        *numbers,
        measure=pl.lit(measure.id),
        area_basis=pl.lit(areas.to_day),
        obs_status=_named(flat(sums.status), STATUSES),
        basis=_named(flat(sums.basis), BASES),
        coverage=(pl.lit(flat(sums.coverage)).cast(pl.Decimal(9, 0)) * pl.lit("0.000001").cast(COVERAGE)).cast(
            COVERAGE
        ),
    )
    return rows.select(*RESTATED).cast({"obs_value": NUM, "obs_lower": NUM, "obs_upper": NUM})


def _named(places: pl.Series, names: tuple[str, ...]) -> pl.Series:
    return pl.Series(names)[places]


def _listed(amounts: Ints, there: Bools, areas: pl.Series, series: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """The amounts that are there, of areas by series: `ref_area, time_period, dimensions, obs_value`."""
    row, column = np.nonzero(there)
    listed = pl.DataFrame({"ref_area": areas[row]}, schema={"ref_area": pl.String})
    named = listed.hstack(series[column]).with_columns(
        obs_value=decimal(pl.lit(pl.Series(amounts[there])), measure.decimals)
    )
    return named.sort("ref_area", *SERIES)
