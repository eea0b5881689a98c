"""Fill a report form from rows of `indicator_values`: a pure function, the same rows give the same form."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from indicators.catalog import Catalog
from indicators.definitions import Name, Report, ReportColumn, Unit, Version
from indicators.findings import DataFault, Finding
from indicators.periods import parse_period
from submitters.additive import is_additive
from submitters.calendar import Closing, basis_day, closing
from submitters.form import BASES, Cell, Column, FilledReport, Reporter, Row, Total, Value
from submitters.remarks import remarks


def fill(report: Report, period: str, catalog: Catalog, values: Iterable[Value], reporter: Reporter) -> FilledReport:
    """Fill a report's form for a period.

    The rows are the areas of the report's level in force on its day; a figure that the lake does not hold stays blank,
    with status O. Only columns whose figures may be added have a total, which is the sum of the rows as shown.

    Args:
        report: The form.
        period: The period, of the report's frequency.
        catalog: The definitions and areas.
        values: Rows of `indicator_values`; those of other indicators, days or levels are passed over.
        reporter: Who reports.

    Raises:
        UsageFault: The period is not one of the report's.
        DataFault: The lake holds nothing for the period, two values for one cell, or a value with more decimals than
            its indicator has; or no area of the level is in force on the day.
    """
    calendar = catalog.calendars[report.calendar]
    closed = closing(calendar, report, period)
    day = basis_day(report, closed)
    areas = [area for _, area in sorted(catalog.register.on(day).items()) if area.level == report.level]
    if not areas:
        raise DataFault(_no_areas(report, day))
    codes = frozenset(area.code for area in areas)
    held = [value for value in values if value.area_basis == day and value.ref_area in codes]
    chosen = [_chosen(column, closed, held) for column in report.columns]
    if not any(cells for column, cells in zip(report.columns, chosen, strict=True) if not column.latest):
        raise DataFault(_nothing_held(report, closed, day))
    columns: list[Column] = []
    cells: list[dict[str, Cell]] = []
    for number, (column, found) in enumerate(zip(report.columns, chosen, strict=True), start=1):
        described = _column(f"c{number}", column, closed, found, catalog)
        filled = {value.ref_area: _cell(value, described) for value in found}
        additive = is_additive(_version(described, catalog), catalog.measures)
        by_row = [filled.get(area.code, Cell()) for area in areas]
        columns.append(replace(described, total=_total(by_row) if additive else None))
        cells.append(filled)
    rows = tuple(
        Row(
            area.code,
            area.type,
            Name(area.name_vi, area.name_en or area.name_vi),
            tuple(filled.get(area.code, Cell()) for filled in cells),
        )
        for area in areas
    )
    used = sorted((value for found in chosen for value in found), key=_order)
    return FilledReport(
        report,
        calendar,
        closed,
        reporter,
        day,
        tuple(columns),
        rows,
        remarks(columns, rows, catalog.indicators, catalog.measures),
        tuple(sorted({value.run_id for value in used})),
        _digest(used),
    )


def _chosen(column: ReportColumn, closed: Closing, held: list[Value]) -> list[Value]:
    """The values of a column: those of the report's period, or of the latest period held up to it."""
    mine = [value for value in held if value.indicator == column.indicator and value.dimensions == column.dimensions]
    if not column.latest:
        return [value for value in mine if value.time_period == closed.period.text]
    end = closed.period.end
    periods = {value.time_period for value in mine if parse_period(value.time_period).end <= end}
    latest = max(periods, key=lambda text: (parse_period(text).end, text), default=None)
    return [value for value in mine if value.time_period == latest]


def _column(column_id: str, column: ReportColumn, closed: Closing, found: list[Value], catalog: Catalog) -> Column:
    indicator = catalog.indicators[column.indicator]
    period = found[0].time_period if found else ("" if column.latest else closed.period.text)
    on = parse_period(period).end if period else closed.period.end
    in_force = indicator.version_on(on) or indicator.versions[0]
    versions = {value.version for value in found} or {in_force.valid_from.isoformat()}
    twice = len({value.ref_area for value in found}) < len(found)
    if twice or len(versions) > 1:
        raise DataFault(_two_values(column, period))
    version = next((one for one in indicator.versions if one.valid_from.isoformat() in versions), in_force)
    return Column(
        id=column_id,
        indicator=indicator.id,
        name=column.name or indicator.name,
        definition=indicator.definition,
        dimensions=column.dimensions,
        time_period=period,
        latest=column.latest,
        unit=catalog.units.get(indicator.unit) or _bare_unit(indicator.unit),
        decimals=indicator.decimals,
        version=version.valid_from.isoformat(),
        basis=version.basis,
        total=None,
    )


def _version(column: Column, catalog: Catalog) -> Version:
    versions = catalog.indicators[column.indicator].versions
    return next(one for one in versions if one.valid_from.isoformat() == column.version)


def _cell(value: Value, column: Column) -> Cell:
    """A value in the column's decimals. A published value has them already; bounds are widened, never narrowed."""
    step = Decimal(1).scaleb(-column.decimals)
    shown = None if value.obs_value is None else value.obs_value.quantize(step, ROUND_HALF_UP)
    if shown != value.obs_value or value.basis not in BASES:
        raise DataFault(_unpublishable(value, column))
    lower = None if value.obs_lower is None else value.obs_lower.quantize(step, ROUND_FLOOR)
    upper = None if value.obs_upper is None else value.obs_upper.quantize(step, ROUND_CEILING)
    coverage = None if value.coverage is None else value.coverage.quantize(Decimal("0.000001"), ROUND_FLOOR)
    return Cell(shown, lower, upper, value.obs_status, value.basis, coverage)


def _total(cells: list[Cell]) -> Total:
    """The sum of the rows; unknown as soon as one row is: a missing figure is not zero."""
    worst = max((BASES.index(cell.basis) for cell in cells if cell.basis), default=None)
    return Total(
        _sum([cell.obs_value for cell in cells]),
        _sum([cell.obs_lower for cell in cells]),
        _sum([cell.obs_upper for cell in cells]),
        "" if worst is None or not all(cell.basis for cell in cells) else BASES[worst],
        sum(cell.obs_value is not None for cell in cells),
    )


def _sum(numbers: list[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if len(known) == len(numbers) else None


def _order(value: Value) -> tuple[str, ...]:
    return (value.indicator, value.dimensions, value.time_period, value.ref_area)


def _digest(used: list[Value]) -> str:
    """SHA-256 of the values in order, numbers without trailing zeros, so that it is the same from any store.

    The run is left out: the same figures, computed again, have the same digest.
    """
    lines = []
    for value in used:
        texts = [getattr(value, one.name) for one in fields(Value) if one.name != "run_id"]
        lines.append("\t".join(f"{text.normalize():f}" if isinstance(text, Decimal) else str(text) for text in texts))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _bare_unit(unit: str) -> Unit:
    return Unit(unit, Name(unit, unit), Name(unit, unit))


def _no_areas(report: Report, day: date) -> Finding:
    return Finding(
        "form.no-areas",
        "error",
        f"ngày {day} không có đơn vị hành chính cấp '{report.level}'; hãy kiểm tra level và area_basis",
        f"no area of level '{report.level}' is in force on {day}; check level and area_basis",
        file=report.file,
        subject=report.id,
    )


def _nothing_held(report: Report, closed: Closing, day: date) -> Finding:
    period = closed.period.text
    return Finding(
        "form.no-figures",
        "error",
        f"chưa có số liệu nào của kỳ {period} theo địa giới ngày {day}; "
        f"hãy chạy: chitieu run --report {report.id} --period {period}",
        f"no figure is held for {period} by the areas of {day}; "
        f"run: chitieu run --report {report.id} --period {period}",
        subject=report.id,
        time_period=period,
    )


def _two_values(column: ReportColumn, period: str) -> Finding:
    return Finding(
        "form.two-values",
        "error",
        f"'{column.indicator}' có hai giá trị cho cùng một đơn vị, kỳ {period}; hãy chạy lại: chitieu run",
        f"'{column.indicator}' has two values for one area in {period}; do again: chitieu run",
        subject=column.indicator,
        time_period=period,
    )


def _unpublishable(value: Value, column: Column) -> Finding:
    return Finding(
        "form.value",
        "error",
        f"giá trị {value.obs_value} ({value.basis}) không công bố được: cần {column.decimals} chữ số thập phân "
        f"và basis thuộc {', '.join(BASES)}; hãy chạy lại: chitieu run",
        f"value {value.obs_value} ({value.basis}) cannot be published: it needs {column.decimals} decimals "
        f"and a basis of {', '.join(BASES)}; do again: chitieu run",
        subject=value.indicator,
        ref_area=value.ref_area,
        time_period=value.time_period,
    )
