"""What leaves each area, what comes to it, and the difference, from moves between areas carried to another day's areas.

What comes to an area may come from anywhere else, so it is complete only where every origin of the country sent a list,
but for those that lie in the area itself. Moves within one area count on neither side.

The bounds of a difference are the tightest that the lists allow: whoever moved from one old area to another came, left
or did neither, and where each of several is possible all of them may have done the same. So the fewest that came and
the most that left go together, and so do the most and the fewest; no list says anything of another (a law tries every
possibility). Totals that somebody gave beside the lists are not used.
"""

from __future__ import annotations

import polars as pl

from engine.flow_couples import BETWEEN, by_couple, by_destination, by_origin
from engine.flow_totals import made_totals, pair_sums
from engine.frames import BASES, COVERAGE, NUM, RESTATED, STATUSES, rank, unrank
from engine.internal_flows import with_ends
from engine.moves import SERIES, Moves, moves_of
from engine.restate import carry
from indicators.correspondence import Correspondence
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding

GROSS: dict[str, pl.DataType] = {"flow": pl.String(), **RESTATED}
"""`flow` is out, in or net (in less out); the other columns are those of RESTATED."""


def gross_flows(observations: pl.DataFrame, measure: Measure, areas: Correspondence) -> pl.DataFrame:
    """The totals of moves of every area wanted, in the shape GROSS.

    Args:
        observations: Moves with their counterpart, as `engine.restate.restate` takes them; totals without one are not
            used.
        measure: A measure with `internal_flow`.
        areas: How the areas map.

    Raises:
        DataFault: There are no moves with a counterpart, or an end of one is not in force on the day.
    """
    moves = moves_of(observations, measure, areas, carry)
    if moves.listed.is_empty():
        raise DataFault(_no_moves(measure))
    pairs = with_ends(moves.carried(by_couple).rows)
    out = made_totals(moves, moves.carried(by_origin).rows, pairs)
    coming = _coming(moves, pairs)
    frames = [out.with_columns(flow=pl.lit("out")), coming.with_columns(flow=pl.lit("in")), _net(out, coming)]
    return pl.concat([frame.select(*GROSS) for frame in frames]).sort("ref_area", *SERIES, "flow")


def _coming(moves: Moves, pairs: pl.DataFrame) -> pl.DataFrame:
    """What comes to each area from others; where it is estimated, the sum of the moves, so that a table adds up."""
    found = moves.carried(by_destination).rows.filter(pl.col("ref_area").str.starts_with(BETWEEN))
    named = found.with_columns(ref_area=pl.col("ref_area").str.strip_prefix(BETWEEN)).drop("coverage")
    series = moves.listed.select(SERIES).unique()
    areas = pl.DataFrame({"ref_area": sorted(moves.areas.to_areas)}, schema={"ref_area": pl.String})
    key = ["ref_area", *SERIES]
    every = areas.join(series, how="cross").join(_reach(moves, areas), on=key, how="left")
    table = every.join(named, on=key, how="left").join(pair_sums(pairs, "other"), on=key, how="left")
    estimated = (pl.col("basis") == "estimated") & pl.col("summed").is_not_null()
    table = table.with_columns(obs_value=pl.when(estimated).then("summed").otherwise("obs_value"))
    absent, complete, zero = pl.col("basis").is_null(), pl.col("reach") == 1, pl.lit(0).cast(NUM)
    status = pl.when(complete | (pl.col("obs_status") == "Q")).then("obs_status").otherwise(pl.lit("O"))
    return table.with_columns(
        obs_value=pl.when(complete).then(pl.when(absent).then(zero).otherwise("obs_value")),
        obs_lower=pl.when(absent).then(zero).otherwise("obs_lower"),
        obs_upper=pl.when(complete).then(pl.when(absent).then(zero).otherwise("obs_upper")),
        obs_status=pl.when(absent & complete).then(pl.lit("A")).otherwise(status).fill_null("O"),
        basis=pl.when(~complete).then(pl.lit("partial")).when(absent).then(pl.lit("exact")).otherwise("basis"),
        coverage=pl.col("reach").cast(COVERAGE),
        measure=pl.lit(moves.measure.id),
        area_basis=pl.lit(moves.areas.to_day),
    ).select(*RESTATED)


def _reach(moves: Moves, areas: pl.DataFrame) -> pl.DataFrame:
    """`ref_area, time_period, dimensions, reach`: the share of the origins elsewhere that sent a list."""
    inside = moves.ends.filter(pl.len().over("code") == 1).select(ref_area="to", origin="code")
    beside = inside.group_by("ref_area").agg(inside=pl.len())
    own = inside.join(moves.sent, on="origin").group_by("ref_area", *SERIES).agg(own=pl.len())
    sent = areas.join(moves.sent.group_by(SERIES).agg(sent=pl.len()), how="cross")
    table = sent.join(beside, on="ref_area", how="left").join(own, on=["ref_area", *SERIES], how="left")
    there = pl.col("sent").cast(pl.Int64) - pl.col("own").fill_null(0)
    due = len(moves.areas.from_areas) - pl.col("inside").cast(pl.Int64).fill_null(0)
    share = pl.when(due > 0).then(there / due).otherwise(1.0)
    return table.select("ref_area", *SERIES, reach=share.round(6))


def _net(out: pl.DataFrame, coming: pl.DataFrame) -> pl.DataFrame:
    """In less out: certain bounds of the one less those of the other."""
    both = coming.join(out, on=["measure", "ref_area", "area_basis", *SERIES], suffix="_out")
    place, status = (
        pl.max_horizontal(rank(name, order), rank(f"{name}_out", order))
        for name, order in (("basis", BASES), ("obs_status", STATUSES))
    )
    return both.with_columns(
        flow=pl.lit("net"),
        obs_value=(pl.col("obs_value") - pl.col("obs_value_out")).cast(NUM),
        obs_lower=(pl.col("obs_lower") - pl.col("obs_upper_out")).cast(NUM),
        obs_upper=(pl.col("obs_upper") - pl.col("obs_lower_out")).cast(NUM),
        obs_status=unrank(status, STATUSES),
        basis=unrank(place, BASES),
        coverage=pl.min_horizontal("coverage", "coverage_out").cast(COVERAGE),
    )


def _no_moves(measure: Measure) -> Finding:
    column = measure.internal_flow or "ref_area_to"
    vi = f"{measure.id}: không có dòng nào ghi địa bàn đối ứng; thêm cột {column} (nơi đến) cho từng nơi đi"
    en = f"{measure.id}: no row names the other area; add the column {column} (where to) for each origin"
    return Finding("restate.no-counterpart", "error", vi, en, subject=measure.id)
