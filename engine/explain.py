"""Explains one published value down to its source rows: definition, inputs, old areas, shares, law, files, run.

Nothing is computed anew but the correspondence; every figure shown is read from the lake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from engine.formula_inputs import period_of_input
from engine.frames import OBSERVATIONS
from engine.lake import Connection, snapshot
from engine.observed_weights import observed_weights
from engine.time_aggregate import parts_held
from indicators.areas import Area, Register
from indicators.catalog import Catalog
from indicators.correspondence import Correspondence, Pair, correspondence
from indicators.definitions import Indicator, Input, Measure, Version
from indicators.findings import ChitieuError, DataFault, Finding, UsageFault
from indicators.observed_shares import Observed

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """What one old area gave: its share and law, and the observations of it with their source."""

    pair: Pair
    name: str
    observations: tuple[Row, ...]


@dataclass(frozen=True)
class InputExplained:
    """One input of the formula: the restated figure and the old areas it was made of."""

    name: str
    measure: Measure
    given: Input
    time_period: str
    figures: tuple[Row, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything that stands behind one value."""

    value: Row
    area: Area
    indicator: Indicator
    version: Version
    inputs: tuple[InputExplained, ...]
    run: Row
    loads: tuple[Row, ...]
    findings: tuple[Row, ...]
    snapshot: int
    submissions: tuple[Row, ...] = field(default_factory=tuple)


def explain(
    connection: Connection, catalog: Catalog, indicator_id: str, code: str, period: str, day: date | None
) -> Explanation:
    """Explain the value of an indicator.

    Args:
        connection: The lake with its views (`engine.lake.reading`, `engine.views.create_views`).
        catalog: The definitions in use.
        indicator_id: Which indicator.
        code: The area's code.
        period: The period.
        day: The day whose area the code means; needed where the code means different areas.

    Raises:
        UsageFault: No such indicator or area, or the code means several areas and no day is given.
        DataFault: There is no published value.
    """
    indicator = catalog.indicators.get(indicator_id)
    if indicator is None:
        raise UsageFault(_no_indicator(indicator_id, catalog))
    values = _rows(
        connection,
        "SELECT * FROM indicator_values WHERE indicator = ? AND ref_area = ? AND time_period = ?"
        " ORDER BY area_basis, dimensions",
        [indicator_id, code, period],
    )
    value = _choose(values, catalog.register, code, day, indicator_id, period)
    basis: date = value["area_basis"]
    area = catalog.register.on(basis)[code]
    version = next(v for v in indicator.versions if v.valid_from.isoformat() == value["version"])
    inputs = tuple(_input(connection, catalog, name, one, value, area) for name, one in version.inputs.items())
    used = sorted({row["load_id"] for each in inputs for part in each.parts for row in part.observations})
    return Explanation(
        value=value,
        area=area,
        indicator=indicator,
        version=version,
        inputs=inputs,
        run=_rows(connection, "SELECT * FROM runs WHERE run_id = ?", [value["run_id"]])[0],
        loads=_rows(connection, "SELECT * FROM loads WHERE load_id IN (SELECT unnest(?)) ORDER BY load_seq", [used]),
        findings=_findings(connection, value, inputs),
        snapshot=snapshot(connection),
        submissions=_receipts(connection, catalog, value),
    )


def _rows(connection: Connection, query: str, values: Sequence[Any]) -> tuple[Row, ...]:
    result = connection.execute(query, list(values))
    names = [column[0] for column in result.description or []]
    return tuple(dict(zip(names, row, strict=True)) for row in result.fetchall())


def _choose(
    values: tuple[Row, ...], register: Register, code: str, day: date | None, indicator: str, period: str
) -> Row:
    """The value of the area that the code means; a code with several meanings needs a day."""
    if day is not None:
        near = [value for value in values if _same_area(register, value["area_basis"], day)]
        if not near:
            raise _no_value(values, register, code, indicator, period, day)
        return near[-1]
    if not values:
        raise _no_value(values, register, code, indicator, period, day)
    if len({value["area_basis"] for value in values}) > 1:
        meanings = "; ".join(
            f"--on {value['area_basis']}: {register.on(value['area_basis'])[code].name_vi}" for value in values
        )
        vi = f"mã «{code}» chỉ địa bàn khác nhau tuỳ ngày, hãy thêm --on: {meanings}"
        en = f"code '{code}' means different areas on different days, add --on: {meanings}"
        raise UsageFault(Finding("explain.which-area", "error", vi, en, ref_area=code))
    return values[-1]


def _same_area(register: Register, basis: date, day: date) -> bool:
    """Whether no territory moved between the day of the figures and the day asked."""
    first, last = min(basis, day), max(basis, day)
    return not any(first < moved <= last for moved in register.change_days)


def _no_value(
    values: tuple[Row, ...], register: Register, code: str, indicator: str, period: str, day: date | None
) -> ChitieuError:
    """Why there is nothing to explain: the code is none, which is wrong usage, or its value is not published."""
    days = ", ".join(str(value["area_basis"]) for value in values)
    known = next((area for area in reversed(register.versions(code)) if day is None or area.in_force(day)), None)
    if known is None:
        listed = "; ".join(f"{a.name_vi} [{a.valid_from} → {a.valid_to or '…'}]" for a in register.versions(code))
        vi = f"«{code}» không phải là mã địa bàn" + (f" ngày {day}" if day else "")
        en = f"'{code}' is no area code" + (f" on {day}" if day else "")
        vi += f"; đó là {listed}, xem `chitieu areas history {code}`" if listed else ""
        en += f"; it is {listed}, see `chitieu areas history {code}`" if listed else ""
    else:
        there_vi = f"; có cho địa bàn ngày {days}" if days else f"; chạy `chitieu run --period {period}` trước"
        there_en = f"; there is one for the areas of {days}" if days else f"; run `chitieu run --period {period}` first"
        vi = f"chưa công bố {indicator} của {code} ({known.name_vi}) kỳ {period}{there_vi}"
        en = f"no published {indicator} of {code} ({known.name_vi}) for {period}{there_en}"
    finding = Finding("explain.no-value", "error", vi, en, subject=indicator, ref_area=code, time_period=period)
    return UsageFault(finding) if known is None else DataFault(finding)


def _no_indicator(name: str, catalog: Catalog) -> Finding:
    known = ", ".join(catalog.indicators)
    vi, en = f"không có chỉ tiêu «{name}»; có: {known}", f"there is no indicator '{name}'; there are: {known}"
    return Finding("explain.no-indicator", "error", vi, en, subject=name)


def _input(connection: Connection, catalog: Catalog, name: str, given: Input, value: Row, area: Area) -> InputExplained:
    measure = catalog.measures[given.measure]
    period = period_of_input(value["time_period"], given.periods_back)
    figures = _rows(
        connection,
        "SELECT * FROM restated WHERE measure = ? AND ref_area = ? AND area_basis = ? AND time_period = ?"
        " ORDER BY dimensions",
        [measure.id, area.code, value["area_basis"], period],
    )
    held = _rows(connection, "SELECT DISTINCT time_period FROM observations WHERE measure = ? ORDER BY 1", [measure.id])
    periods = [period, *parts_held([period], [row["time_period"] for row in held])[period]]
    observed = _rows(
        connection,
        "SELECT DISTINCT area_basis FROM observations WHERE measure = ? AND time_period IN (SELECT unnest(?))"
        " ORDER BY area_basis",
        [measure.id, periods],
    )
    parts: list[Part] = []
    weighing = _amounts(connection, catalog, measure.split_weight)
    for row in observed:
        days = row["area_basis"], value["area_basis"]
        levels = measure.level, area.level
        areas = correspondence(catalog.register, *days, *levels, measure.split_weight, weighing)
        parts += _parts(connection, measure, areas, area.code, periods)
    wanted = [f"{dimension}={code}" for dimension, code in given.where.items()]
    chosen = [figure for figure in figures if all(text in figure["dimensions"].split(";") for text in wanted)]
    return InputExplained(name, measure, given, period, tuple(chosen), tuple(parts))


def _amounts(connection: Connection, catalog: Catalog, basis: str | None) -> Observed | None:
    """What the lake holds of the measure that estimates cut pieces; None where no measure does."""
    if basis is None or basis not in catalog.measures:
        return None
    columns = ", ".join(OBSERVATIONS)
    frame = connection.execute(f"SELECT {columns} FROM observations WHERE measure = ?", [basis]).pl()  # noqa: S608
    return observed_weights(frame.cast(pl.Schema(OBSERVATIONS)), catalog.measures[basis])


def _parts(
    connection: Connection, measure: Measure, areas: Correspondence, code: str, periods: Sequence[str]
) -> list[Part]:
    """What each area gave, for the period itself and for the shorter ones that it may be made of."""
    pairs = [pair for pair in areas.by_target.get(code, ()) if pair.from_area]
    found = _rows(
        connection,
        "SELECT o.*, l.file, l.sha256, l.loaded_by, l.loaded_at FROM observations o JOIN loads l USING (load_id)"
        " WHERE measure = ? AND time_period IN (SELECT unnest(?)) AND o.area_basis = ?"
        " AND ref_area IN (SELECT unnest(?))"
        " ORDER BY ref_area, time_period, dimensions",
        [measure.id, list(periods), areas.from_day, [pair.from_area for pair in pairs]],
    )
    by_area: dict[str, list[Row]] = {}
    for row in found:
        by_area.setdefault(row["ref_area"], []).append(row)
    return [
        Part(pair, areas.from_areas[pair.from_area].name_vi, tuple(by_area.get(pair.from_area, ()))) for pair in pairs
    ]


def _findings(connection: Connection, value: Row, inputs: Sequence[InputExplained]) -> tuple[Row, ...]:
    """What the run found about the periods in question; gaps elsewhere are no news where nothing is missing."""
    found = _rows(
        connection,
        "SELECT * FROM findings WHERE run_id = ? AND subject IN (SELECT unnest(?)) AND time_period IN"
        " (SELECT unnest(?)) ORDER BY rule, subject",
        [
            value["run_id"],
            [value["indicator"], *(each.measure.id for each in inputs)],
            [value["time_period"], *(each.time_period for each in inputs)],
        ],
    )
    return tuple(row for row in found if value["coverage"] != 1 or row["rule"] != "run.missing-source")


def _receipts(connection: Connection, catalog: Catalog, value: Row) -> tuple[Row, ...]:
    """Submissions of the period's reports that have the indicator, with their receipts."""
    reports = [
        report.id
        for report in catalog.reports.values()
        if any(column.indicator == value["indicator"] for column in report.columns)
    ]
    return _rows(
        connection,
        "SELECT s.report, s.period, s.receiver, s.revision, s.state, r.receipt_id, r.received_at"
        " FROM submissions s LEFT JOIN receipts r ON r.submission = s.id"
        " WHERE s.period = ? AND s.report IN (SELECT unnest(?)) ORDER BY s.id",
        [value["time_period"], reports],
    )
