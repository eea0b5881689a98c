"""The moves that were listed, completed by what a list says without naming it, and carried to other areas.

A list of moves is a list: what an origin that sent one does not name did not happen. An origin that sent none is
missing, and so is everything that it may have sent. Moves within an area that was later cut are moves between its
pieces now; where nobody listed them they are missing, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from engine.flow_couples import Couple, Ends, Reach, couple_code, couples, split
from engine.frames import COVERAGE
from engine.restated import REST, Restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding

SERIES = ["time_period", "dimensions"]
Plain = Callable[[pl.DataFrame, Measure, Correspondence], Restated]
"""Restates a plain sum."""


@dataclass(frozen=True)
class Moves:
    """The moves of one measure as listed, ready to be carried by couples.

    Attributes:
        measure: The measure, as a plain sum.
        listed: `ref_area, other, time_period, dimensions, obs_value, obs_status`.
        sent: `ref_area, time_period, dimensions`: which origin sent a list for which series.
        areas: How the areas map.
        plain: Restates a plain sum.
    """

    measure: Measure
    listed: pl.DataFrame
    sent: pl.DataFrame
    areas: Correspondence
    plain: Plain

    def carried(self, reach: Callable[[Ends, Couple], Iterator[Reach]]) -> Restated:
        """The moves restated to couples, or to their totals."""
        known = self.listed.select("ref_area", "other").unique()
        whole = [*known.iter_rows(), *self._absent(known), *self._within_cut(known)]
        links = couples(whole, self.areas, reach)
        return self.plain(self._completed(whole), self.measure, links)

    def coverage(self) -> pl.DataFrame:
        """`origin, time_period, dimensions, reach`: the share of a new area's origins that sent a list."""
        ends = Ends(self.areas)
        pairs = [(new, old) for new in sorted(self.areas.to_areas) for old in sorted(ends.origins(new))]
        links = pl.DataFrame(pairs, schema={"origin": pl.String, "ref_area": pl.String}, orient="row").unique()
        series = self.listed.select(SERIES).unique()
        sent = self.sent.with_columns(there=pl.lit(1))
        every = links.join(series, how="cross").join(sent, on=["ref_area", *SERIES], how="left")
        share = (pl.col("there").sum() / pl.len()).round(6).cast(COVERAGE)
        return every.group_by("origin", *SERIES).agg(reach=share)

    def _absent(self, known: pl.DataFrame) -> list[Couple]:
        """A couple for each origin that sent nothing at all, towards each area that its new area has moves to."""
        ends = Ends(self.areas)
        present = set(known["ref_area"])
        towards: dict[str, set[str]] = {}
        for start, end in known.iter_rows():
            for pair in ends.of(start):
                towards.setdefault(pair.to_area, set()).add(end)
        found = set()
        for new, others in towards.items():
            for origin in ends.origins(new) - present if new else ():
                found |= {(origin, end) for end in others}
        return sorted(found)

    def _within_cut(self, known: pl.DataFrame) -> list[Couple]:
        """Moves within an area that was cut: moves between its pieces now, which nobody had to list then."""
        ends = Ends(self.areas)
        reached = {pair.to_area for code in set(known["ref_area"]) for pair in ends.of(code)}
        cut = {code for code in self.areas.from_areas if len(ends.of(code)) > 1}
        return [(code, code) for code in sorted(cut) if any(pair.to_area in reached for pair in ends.of(code))]

    def _completed(self, whole: list[Couple]) -> pl.DataFrame:
        """A figure for each couple and series: none moved where the origin sent a list without it, else missing.

        What moved within one area is not expected in a list, so there it is missing.
        """
        codes = [(couple_code(*couple), *couple) for couple in sorted(set(whole))]
        grid = pl.DataFrame(codes, schema=["ref_area", "origin", "other"], orient="row").join(
            self.listed.select(SERIES).unique(), how="cross"
        )
        given = self.listed.select("other", *SERIES, "obs_value", "obs_status", origin="ref_area")
        sent = self.sent.select(*SERIES, origin="ref_area", there=pl.lit(value=True))
        rows = grid.join(given, on=["origin", "other", *SERIES], how="left").join(
            sent, on=["origin", *SERIES], how="left"
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


def moves_of(observations: pl.DataFrame, measure: Measure, areas: Correspondence, plain: Plain) -> Moves:
    """The listed moves of a measure.

    Raises:
        DataFault: Either end of a move is not in force on the day.
    """
    listed = split(observations, measure.internal_flow or "").filter(pl.col("other").is_not_null())
    codes = {*listed["ref_area"].unique(), *listed["other"].unique()}
    unknown = sorted(codes - set(areas.from_areas))
    if unknown:
        raise DataFault(_unknown(unknown, measure, areas))
    sent = listed.select("ref_area", *SERIES).unique()
    return Moves(replace(measure, internal_flow=None), listed, sent, areas, plain)


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
