"""The figures of the areas that got something, and which of them count on both sides of a change of boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from engine.frames import OBSERVATIONS, RESTATED
from engine.handover_record import BrokenWindow, NewFigure
from engine.handover_scope import Scope, Way
from engine.restate import restate
from engine.window_breaks import breaks, early_basis, mark, tell
from indicators.areas import Register
from indicators.definitions import Calendar, Name

_COLUMNS = ["time_period", "dimensions", "obs_value", "obs_lower", "obs_upper", "obs_status", "basis", "coverage"]


@dataclass(frozen=True)
class Results:
    """New figures, the areas and periods whose windows cross a change, and what is said of those."""

    figures: tuple[NewFigure, ...]
    broken: tuple[BrokenWindow, ...]
    remarks: tuple[Name, ...]


def results(
    every: pl.DataFrame, weighing: pl.DataFrame | None, scope: Scope, register: Register, calendar: Calendar | None
) -> Results:
    """Restate the figures of the areas that got something from all their sources, breaks marked as restating does.

    Args:
        every: The figures of one measure, of all the old areas that are needed.
        weighing: For a mean: those of the measure that weighs it.
        scope: The measure and the ways of its figures.
        register: The areas.
        calendar: The windows that flows count; None: periods count their own days.
    """
    figures: list[NewFigure] = []
    broken: list[BrokenWindow] = []
    remarks: list[Name] = []
    for way in scope.ways:
        rows = _restated(every, weighing, scope, way)
        crossed = _crossed(rows, scope, way, register, calendar)
        level, marked = way.areas.to_level, mark(rows, crossed)
        figures += [
            NewFigure(level, code, way.areas.to_areas[code].name_vi, *rest)
            for code, *rest in marked.select("ref_area", *_COLUMNS).iter_rows()
        ]
        valued = rows.filter(pl.col("obs_value").is_not_null())
        hit = crossed.join(valued, on=["time_period", "ref_area"], how="semi")
        broken += [
            BrokenWindow(level, code, period) for period, code in hit.sort("ref_area", "time_period").iter_rows()
        ]
        remarks += [Name(one.vi, one.en) for one in tell(marked, marked, crossed, scope.measure)]
    return Results(tuple(figures), tuple(broken), (*_early(every, scope, register, calendar), *remarks))


def _restated(every: pl.DataFrame, weighing: pl.DataFrame | None, scope: Scope, way: Way) -> pl.DataFrame:
    made_of = every.filter(pl.col("ref_area").is_in(sorted(way.needed)))
    if made_of.is_empty():
        return pl.DataFrame(schema=RESTATED)
    rows = restate(made_of.select(*OBSERVATIONS), scope.measure, way.areas, weighing).rows
    return rows.filter(pl.col("ref_area").is_in(sorted(way.targets))).sort("ref_area", "time_period", "dimensions")


def _crossed(rows: pl.DataFrame, scope: Scope, way: Way, register: Register, calendar: Calendar | None) -> pl.DataFrame:
    periods: Iterable[str] = rows["time_period"].unique() if scope.measure.time == "flow" else ()
    return breaks(register, periods, calendar, way.areas.to_day, way.areas.to_level)


def _early(every: pl.DataFrame, scope: Scope, register: Register, calendar: Calendar | None) -> list[Name]:
    if scope.measure.time != "flow":
        return []
    found = early_basis(register, every["time_period"].unique(), calendar, scope.area_basis, scope.measure)
    return [Name(one.vi, one.en) for one in found]
