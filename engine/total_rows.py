"""Tells the rows of a file that are totals of areas above the measure's level from its figures.

A statistician may know the total of a province while some of its communes are missing. Such a row is no figure to be
restated: it says what all communes of the province have together (`engine.known_totals`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from engine.conform import Conformed, conform
from engine.dense_scope import is_plain_sum
from engine.frames import OBSERVATIONS, empty
from engine.sources import ROW, Source
from indicators.areas import Register
from indicators.catalog import Catalog
from indicators.definitions import DataModel, Measure
from indicators.findings import DataFault, Finding

MOST = 10


@dataclass(frozen=True)
class Given:
    """What a file gives of one measure, each in the shape OBSERVATIONS.

    Attributes:
        figures: Of areas of the measure's level.
        totals: Of areas above it.
        rejects: The faults of rows of either kind, in the shape of `Conformed.rejects`.
    """

    figures: pl.DataFrame
    totals: pl.DataFrame
    rejects: pl.DataFrame


def conform_with_totals(
    source: Source, model: DataModel, measure: Measure, catalog: Catalog, day: date, today: date
) -> Given:
    """Conform a file of one measure that may hold known totals of areas above the measure's level.

    A file of nothing but such areas has no figures that they could complete: its rows are at fault as ever.

    Args:
        source: The file.
        model: What its columns mean.
        measure: The measure, at the level of the figures.
        catalog: The areas and code lists.
        day: The day whose areas the codes mean.
        today: Later periods are refused.

    Raises:
        DataFault: The columns are not those of the model, or the measure does not add up, so that the total of an area
            says nothing of what lies in it.
    """
    levels = _levels_above(catalog.register, day, measure.level)
    code = pl.col(model.area_column)
    if model.area_column not in source.columns or not source.frame.filter(~code.is_in(sorted(levels))).height:
        levels = {}
    frames = {"": source.frame.filter(~code.is_in(sorted(levels)) | code.is_null()) if levels else source.frame}
    for level in sorted(set(levels.values())):
        frames[level] = source.frame.filter(code.is_in([one for one in sorted(levels) if levels[one] == level]))
    found: dict[str, Conformed] = {}
    for level, frame in frames.items():
        if level and frame.is_empty():
            continue
        if level and not is_plain_sum(measure):
            raise DataFault(_no_sum(frame[model.area_column].unique().sort().to_list(), measure))
        known = replace(
            catalog, measures={**catalog.measures, measure.id: replace(measure, level=level or measure.level)}
        )
        rows = set(frame[ROW].to_list())
        faults = tuple(fault for fault in source.faults if fault.row in rows)
        found[level] = conform(replace(source, frame=frame, faults=faults), model, known, day, today)
    above = [one.good.select(*OBSERVATIONS) for level, one in found.items() if level]
    return Given(
        found[""].good.select(*OBSERVATIONS),
        pl.concat([empty(OBSERVATIONS), *above]),
        pl.concat([one.rejects for one in found.values()]).sort("source_row", maintain_order=True),
    )


def _levels_above(register: Register, day: date, level: str) -> dict[str, str]:
    """The areas of levels above one that are divided further, and the level of each.

    An area with nothing below it (an island district) stands for itself at every level: its figure is no total.
    """
    above = register.levels[: register.levels.index(level)]
    divided = register.children(day)
    return {code: area.level for code, area in register.on(day).items() if area.level in above and code in divided}


def _no_sum(codes: list[str], measure: Measure) -> Finding:
    some = ", ".join(codes[:MOST]) + (" …" if len(codes) > MOST else "")
    vi = (
        f"{measure.id}: {len(codes)} mã ở cấp trên cấp {measure.level} ({some}). Số của cấp trên chỉ làm tổng đã biết"
        f" được cho đại lượng cộng được (rule: sum, không counts, không internal_flow); hãy bỏ các dòng này"
    )
    en = (
        f"{measure.id}: {len(codes)} codes of a level above {measure.level} ({some}). Only of a plain sum (rule: sum,"
        f" without counts or internal_flow) can they be known totals of what lies in them: leave these rows out"
    )
    return Finding("restate.total-no-sum", "error", vi, en, subject=measure.id, ref_area=codes[0])
