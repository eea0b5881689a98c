"""Restates moves between areas (migration, transfers): what went from one to the other is no move once both are one.

Both ends follow the areas. A move whose ends are now in one area is left out of every figure and reported as
`internal`, so that before = values + internal + held + unallocated. Totals are made of the moves; a total that somebody
gives without saying where the moves went cannot be restated where areas merged, and is refused with what to collect.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import polars as pl

from engine.flow_couples import BETWEEN, by_couple, by_origin, joined, split
from engine.flow_totals import given_totals, made_totals
from engine.frames import COVERAGE, RESTATED
from engine.moves import SERIES, Carry, Moves, moves_of
from engine.restated import REST, Restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure


def restate_flows(observations: pl.DataFrame, measure: Measure, areas: Correspondence, carry: Carry) -> Restated:
    """Restate the moves of one measure; see `engine.restate.restate`.

    Args:
        observations: As there; the counterpart is a dimension whose codes are areas of the same day. Rows without it
            are totals over all counterparts.
        measure: Its rules, with `internal_flow`.
        areas: How the areas map.
        carry: Carries a plain sum (`engine.restate.carry`).

    Raises:
        DataFault: Either end of a move is not in force on the day (`restate.unknown-area`).
    """
    counterpart = measure.internal_flow or ""
    moves = moves_of(observations, measure, areas, carry)
    totals = split(observations, counterpart).filter(pl.col("other").is_null()).drop("other")
    nothing_listed = moves.listed.is_empty()
    parts = [given_totals(totals, moves, areas)] if nothing_listed or not totals.is_empty() else []
    parts += [] if nothing_listed else _matrix(moves, counterpart, totals)
    order = ["ref_area", *SERIES]
    return Restated(
        rows=pl.concat([part.rows for part in parts]).sort(order),
        held=pl.concat([part.held.select(*REST) for part in parts]).sort(order),
        unallocated=pl.concat([part.unallocated.select(*REST) for part in parts]).sort(order),
        findings=tuple(dict.fromkeys(finding for part in parts for finding in part.findings)),
        internal=pl.concat([part.internal.select(*REST) for part in parts]).sort(order),
    )


def with_ends(couples: pl.DataFrame) -> pl.DataFrame:
    """Figures of couples with the areas at both ends, `origin` and `other`."""
    ends = pl.col("ref_area").str.split(BETWEEN).list
    return couples.with_columns(origin=ends.first(), other=ends.get(1, null_on_oob=True))


def _matrix(moves: Moves, counterpart: str, totals: pl.DataFrame) -> list[Restated]:
    """The moves between new areas, and their totals for the series of which nobody gave totals."""
    done = moves.carried(by_couple)
    covered = with_ends(done.rows).join(moves.coverage(), on=["origin", *SERIES], how="left")
    start = pl.col("ref_area").str.split(BETWEEN).list.first()
    within = pl.col("origin") == pl.col("other")
    internal = covered.filter(within & pl.col("obs_value").is_not_null() & (pl.col("obs_value") != 0))
    between = covered.filter(~within)
    pairs = (
        joined(between, counterpart, pl.col("other"))
        .with_columns(
            ref_area=pl.col("origin"),
            coverage=pl.min_horizontal("coverage", pl.col("reach").fill_null(0)).cast(COVERAGE),
        )
        .select(*RESTATED)
    )
    star = partial(joined, counterpart=counterpart, other=pl.lit("*"))
    carried = Restated(
        rows=pairs,
        held=star(done.held.with_columns(ref_area=start)),
        unallocated=star(done.unallocated.with_columns(ref_area=start)),
        findings=done.findings,
        internal=star(internal.with_columns(ref_area=pl.col("origin"))).select(*REST),
    )
    missing = moves.listed.join(totals, on=SERIES, how="anti")
    if missing.is_empty():
        return [carried]
    rest = replace(moves, listed=missing) if missing.height < moves.listed.height else moves
    nothing = pl.DataFrame(schema=REST)
    rows = made_totals(rest, rest.carried(by_origin).rows, covered)
    return [carried, Restated(rows, nothing, nothing, ())]
