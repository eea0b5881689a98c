"""The handover record (bàn giao) of one area: where its figures went, or where they came from.

Nothing is decided here: shares come from the register, amounts from the same steps that restate figures, reasons from
the measures' own rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from engine.frames import OBSERVATIONS
from engine.handover_flows import Went, totals, weights_of, where_it_went
from engine.handover_question import HandoverQuestion
from engine.handover_reasons import reasons
from engine.handover_record import Handover, LeftOut, MeasureRecord, MissingSource, NewLand, OldFigure
from engine.handover_results import results
from engine.handover_scope import Scope, Way
from indicators.areas import Area, Register
from indicators.catalog import Catalog
from indicators.definitions import Calendar
from indicators.findings import DataFault, Finding

FIGURES: dict[str, pl.DataType] = {**OBSERVATIONS, "file": pl.String(), "sha256": pl.String()}
"""Observations with the file that they came in and its SHA-256."""
Series = tuple[str, str]
"""A period and dimensions."""
KEY = ["measure", "ref_area", "area_basis", "time_period", "dimensions"]


def handover(
    catalog: Catalog,
    question: HandoverQuestion,
    found: tuple[list[Scope], list[LeftOut]],
    figures: pl.DataFrame,
    series: Mapping[tuple[str, date], Iterable[Series]],
    calendar: Calendar | None = None,
) -> Handover:
    """Make the record.

    Args:
        catalog: The definitions.
        question: Which area, and between which days.
        found: What the record takes in (`engine.handover_scope.scopes`).
        figures: Shape FIGURES: the current vintage of at least every measure, day and area of the scopes.
        series: For each measure and day, every period and dimensions that any area has a figure of.
        calendar: The windows that flows count; None: periods count their own days.

    Returns:
        The record; the same figures and catalog give the same one.

    Raises:
        DataFault: Two data sets give the same figure, or a total is not conserved.
    """
    taken, left_out = found
    _require_single(figures)
    if question.periods:
        figures = figures.filter(pl.col("time_period").is_in(list(question.periods)))
    windows = catalog.register, calendar
    records = [
        _measure(question, one, figures, series.get((one.measure.id, one.area_basis), ()), windows) for one in taken
    ]
    return Handover(
        question=question,
        others=_others(catalog.register, question, taken),
        law=tuple(sorted({law for one in taken for way in one.ways for law in _law(one, way)})),
        measures=tuple(record for record in records if record.figures or record.missing),
        land=_land(catalog.register, question, taken),
        left_out=tuple(left_out),
    )


def _require_single(figures: pl.DataFrame) -> None:
    twice = figures.filter(pl.struct(KEY).is_duplicated()).sort(KEY)
    if twice.is_empty():
        return
    row = twice.row(0, named=True)
    where = f"{row['measure']} {row['time_period']} {row['ref_area']}"
    vi = f"{where}: hai bộ số liệu cùng có một số liệu; chỉ giữ một bộ rồi mới lập biên bản"
    en = f"{where}: two data sets give the same figure; keep one of them before a record is made"
    raise DataFault(Finding("handover.two-sources", "error", vi, en, subject=row["measure"], ref_area=row["ref_area"]))


def _measure(
    question: HandoverQuestion,
    scope: Scope,
    figures: pl.DataFrame,
    series: Iterable[Series],
    windows: tuple[Register, Calendar | None],
) -> MeasureRecord:
    measure, of_basis = scope.measure, pl.col("area_basis") == scope.area_basis
    every = figures.filter(pl.col("measure") == measure.id, of_basis)
    weighing = figures.filter(pl.col("measure") == measure.areas.by, of_basis) if measure.areas.by else None
    own = every.filter(pl.col("ref_area").is_in(scope.sources)).sort(KEY).with_row_index("number")
    went = [where_it_went(own, measure, way) for way in scope.ways]
    weights = weights_of(own, weighing)
    listed = [_figure(row, question, scope, went[0], weights) for row in own.iter_rows(named=True)]
    sides = [total for way, gone in zip(scope.ways, went, strict=True) for total in totals(own, gone, measure, way)]
    new = results(every, weighing, scope, *windows)
    wanted = [one for one in sorted(set(series)) if not question.periods or one[0] in question.periods]
    missing = _missing(own, question, scope, wanted)
    return MeasureRecord(
        measure, scope.area_basis, scope.ways[0].areas.to_level, tuple(listed), tuple(sides), new.figures,
        tuple(missing), (*reasons(measure, listed, new.figures, missing), *new.remarks), new.broken,
    )  # fmt: skip


def _figure(
    row: Mapping[str, Any],
    question: HandoverQuestion,
    scope: Scope,
    went: Mapping[int, Went],
    weights: Mapping[tuple[str, str], Decimal],
) -> OldFigure:
    one, way, code = went[row["number"]], scope.ways[0], row["ref_area"]
    return OldFigure(
        ref_area=code,
        name=way.areas.from_areas[code].name_vi,
        time_period=row["time_period"],
        dimensions=row["dimensions"],
        obs_value=row["obs_value"],
        obs_status=row["obs_status"],
        weight=weights.get((code, row["time_period"])),
        source=row["source"],
        load_id=row["load_id"],
        file=row["file"],
        sha256=row["sha256"],
        flows=one.flows if question.gives else tuple(flow for flow in one.flows if flow.to_area in way.targets),
        unallocated=one.unallocated,
    )


def _missing(own: pl.DataFrame, question: HandoverQuestion, scope: Scope, series: list[Series]) -> list[MissingSource]:
    """The old areas without a figure; those of which nothing is counted here (land without people) lack none."""
    way = scope.ways[0]
    counted = [
        code
        for code in scope.sources
        if question.gives or any(p.upper > 0 for p in way.areas.by_source[code] if p.to_area in way.targets)
    ]
    there = set(own.select("ref_area", "time_period", "dimensions").iter_rows())
    by_period: dict[str, list[str]] = {}
    for period, dimensions in series:
        by_period.setdefault(period, []).append(dimensions)
    found = []
    for code in counted:
        name = way.areas.from_areas[code].name_vi
        for period, kinds in by_period.items():
            lacking = [dimensions for dimensions in kinds if (code, period, dimensions) not in there]
            if len(lacking) == len(kinds):
                found.append(MissingSource(code, name, period, None))
            else:
                found += [MissingSource(code, name, period, dimensions) for dimensions in lacking]
    return found


def _law(scope: Scope, way: Way) -> Iterable[str]:
    mine = set(scope.sources)
    return (law for to in way.targets for p in way.areas.by_target.get(to, ()) if p.from_area in mine for law in p.law)


def _others(register: Register, question: HandoverQuestion, taken: list[Scope]) -> tuple[Area, ...]:
    """The areas on the other side, of every level at which figures are listed."""
    if question.gives:
        codes = {code for scope in taken for way in scope.ways for code in way.targets}
    else:
        codes = {code for scope in taken for code in scope.sources}
    areas = [area for code in codes if (area := register.area(code, question.other)) is not None]
    order = register.levels
    return tuple(sorted(areas, key=lambda area: (order.index(area.level), area.code)))


def _land(register: Register, question: HandoverQuestion, taken: list[Scope]) -> tuple[NewLand, ...]:
    """Land that belonged to no area, with the words of the change itself where it is one."""
    notes = {
        change.to_code: change.note
        for change in register.changes
        if not change.from_code and question.old_day < change.effective <= question.new_day
    }
    found = {}
    for scope in taken:
        way = scope.ways[0]
        for code in sorted(way.targets):
            for pair in way.areas.by_target.get(code, ()):
                if not pair.from_area:
                    area = way.areas.to_areas[code]
                    found[code] = NewLand(code, area.name_vi, pair.law, notes.get(code, ""))
    return tuple(found[code] for code in sorted(found))
