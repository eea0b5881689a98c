"""The moves that were listed, completed by what a list says without naming it, and carried to other areas.

A list of moves is a list: what an origin that sent one does not name did not happen. An origin that sent none is
missing, and so is everything that it may have sent. Moves within an area that was later cut are moves between its
pieces now; where nobody listed them they are missing, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from engine.flow_couples import Reach, couple_code, couple_links, ends_of, split
from engine.frames import COVERAGE
from engine.links import Links
from engine.restated import REST, Restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding

SERIES = ["time_period", "dimensions"]
Carry = Callable[[pl.DataFrame, Measure, Links], Restated]
"""Carries a plain sum over links."""


@dataclass(frozen=True)
class Moves:
    """The moves of one measure as listed, ready to be carried by couples.

    Attributes:
        measure: The measure, as a plain sum.
        listed: `ref_area, other, time_period, dimensions, obs_value, obs_status`.
        areas: How the areas map.
        carry: Carries a plain sum.
    """

    measure: Measure
    listed: pl.DataFrame
    areas: Correspondence
    carry: Carry

    @cached_property
    def sent(self) -> pl.DataFrame:
        """`origin, time_period, dimensions`: which origin sent a list for which series."""
        return self.listed.select(*SERIES, origin="ref_area").unique()

    @cached_property
    def ends(self) -> pl.DataFrame:
        """Where each area went; see `engine.flow_couples.ends_of`."""
        return ends_of(self.areas)

    def carried(self, reach: Reach) -> Restated:
        """The moves restated to couples, or to their totals."""
        links = couple_links(self._couples, self.ends, self.areas.to_day, reach)
        return self.carry(self._completed, self.measure, links)

    def coverage(self) -> pl.DataFrame:
        """`origin, time_period, dimensions, reach`: the share of a new area's origins that sent a list."""
        links = self.ends.filter(pl.col("to") != "").select("code", "to")
        every = links.join(self._series, how="cross")
        there = every.join(self.sent, left_on=["code", *SERIES], right_on=["origin", *SERIES], how="semi")
        sent = there.group_by("to", *SERIES).agg(there=pl.len())
        share = (pl.col("there").fill_null(0) / pl.col("all")).round(6).cast(COVERAGE)
        return (
            every.group_by("to", *SERIES)
            .agg(all=pl.len())
            .join(sent, on=["to", *SERIES], how="left")
            .select(*SERIES, origin="to", reach=share)
        )

    @cached_property
    def _series(self) -> pl.DataFrame:
        return self.listed.select(SERIES).unique()

    @cached_property
    def _couples(self) -> pl.DataFrame:
        """Every couple that has moves, or may have: `ref_area` (its code), `origin, other`."""
        known = self.listed.select("other", origin="ref_area").unique()
        every = pl.concat(one.select("origin", "other") for one in (known, self._absent(known), self._within_cut()))
        return every.unique().with_columns(ref_area=couple_code("origin", "other"))

    def _absent(self, known: pl.DataFrame) -> pl.DataFrame:
        """A couple for each origin that sent nothing at all, towards each area that its new area has moves to."""
        links = self.ends.filter(pl.col("to") != "").select("code", "to")
        silent = links.join(known, left_on="code", right_on="origin", how="anti").rename({"code": "silent"})
        beside = links.join(silent, on="to")
        return beside.join(known, left_on="code", right_on="origin").select("other", origin="silent").unique()

    def _within_cut(self) -> pl.DataFrame:
        """Moves within an area that was cut: moves between its pieces now, which nobody had to list then."""
        origins = self.sent.select(code="origin").unique()
        reached = self.ends.join(origins, on="code", how="semi").select("to")
        cut = self.ends.filter(pl.len().over("code") > 1).join(reached, on="to", how="semi")
        return cut.select(origin="code", other="code").unique()

    @cached_property
    def _completed(self) -> pl.DataFrame:
        """A figure for each couple and series: none moved where the origin sent a list without it, else missing.

        What moved within one area is not expected in a list, so there it is missing.
        """
        given = self.listed.select("other", *SERIES, "obs_value", "obs_status", origin="ref_area")
        sent = self.sent.with_columns(there=pl.lit(value=True))
        rows = (
            self._couples.join(self._series, how="cross")
            .join(given, on=["origin", "other", *SERIES], how="left")
            .join(sent, on=["origin", *SERIES], how="left")
        )
        unlisted = pl.col("obs_status").is_null()
        there = pl.col("there").fill_null(value=False) & (pl.col("origin") != pl.col("other"))
        nothing = pl.lit(0).cast(REST["obs_value"])
        return rows.select(
            "ref_area",
            *SERIES,
            obs_value=pl.when(unlisted & there).then(nothing).otherwise(pl.col("obs_value")),
            obs_status=pl.when(unlisted)
            .then(pl.when(there).then(pl.lit("A")).otherwise(pl.lit("O")))
            .otherwise(pl.col("obs_status")),
        )


def moves_of(observations: pl.DataFrame, measure: Measure, areas: Correspondence, carry: Carry) -> Moves:
    """The listed moves of a measure.

    Raises:
        DataFault: Either end of a move, or the area of a total, is not in force on the day.
    """
    listed = split(observations, measure.internal_flow or "").filter(pl.col("other").is_not_null())
    codes = {*observations["ref_area"].unique(), *listed["other"].unique()}
    unknown = sorted(codes - set(areas.from_areas))
    if unknown:
        raise DataFault(_unknown(unknown, measure, areas))
    return Moves(replace(measure, internal_flow=None), listed, areas, carry)


def _unknown(codes: list[str], measure: Measure, areas: Correspondence) -> Finding:
    some = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
    vi = (
        f"{len(codes)} mã ở hai đầu luồng không phải là địa bàn cấp {areas.level} ngày {areas.from_day}: {some}. Xem"
        " `chitieu areas find MÃ`, hoặc chọn đúng ngày của mã"
    )
    en = (
        f"{len(codes)} codes at either end of a move are no area of level {areas.level} on {areas.from_day}: {some}."
        " See `chitieu areas find CODE`, or give the day that the codes belong to"
    )
    return Finding("restate.unknown-area", "error", vi, en, subject=measure.id, ref_area=codes[0])
