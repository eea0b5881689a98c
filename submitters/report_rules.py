"""What a receiver checks in a report document beyond its schema: the form, the period, the areas and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from indicators.areas import Area
from indicators.catalog import Catalog
from indicators.definitions import Report
from indicators.findings import ChitieuError, Finding
from submitters.additive import is_additive
from submitters.calendar import Closing, basis_day, closing
from submitters.documents import Document

Fields = Mapping[str, Any]
"""A part of a document that the schema has accepted."""


def check_document(document: Document, catalog: Catalog) -> list[Finding]:
    """Every broken rule of a document that its schema accepts.

    Rules: the report is known and has this form; the period is one of its calendar, with that window and deadline; the
    rows are all the areas of its level in force on its day, each once, with their names; values fit their status,
    basis, bounds and decimals; totals stand where figures may be added, and only there, and balance with the rows.

    Args:
        document: As `read_document` returns it.
        catalog: The receiver's own definitions.
    """
    fields: Fields = document
    report = catalog.reports.get(fields["report"]["id"])
    if report is None:
        return [_unknown_report(fields["report"]["id"], catalog)]
    try:
        closed = closing(catalog.calendars[report.calendar], report, fields["period"]["id"])
    except ChitieuError as error:
        return list(error.findings)
    found = [*_heading(fields, report, closed), *_areas(fields, report, closed, catalog)]
    columns = list(_columns(fields, report, catalog))
    # Values and sums are checked against the columns of the form, so only when those are right.
    return found + (columns or [*_values(fields), *_totals(fields, catalog)])


def _heading(fields: Fields, report: Report, closed: Closing) -> Iterator[Finding]:
    expected = {
        ("report", "frequency"): report.frequency,
        ("report", "level"): report.level,
        ("period", "calendar"): report.calendar,
        ("period", "window_from"): closed.window_from.isoformat(),
        ("period", "window_to"): closed.window_to.isoformat(),
        ("period", "deadline"): closed.deadline.isoformat(),
        ("period", "timezone"): closed.timezone,
    }
    for (part, name), value in expected.items():
        if fields[part][name] != value:
            yield _differs("heading", f"{part}.{name}", fields[part][name], value)
    if fields["receiver"] != report.receiver:
        yield _differs("heading", "receiver", fields["receiver"], report.receiver)
    day = basis_day(report, closed).isoformat()
    if fields["area_basis"] != day:
        yield _differs("area-basis", "area_basis", fields["area_basis"], day)


def _columns(fields: Fields, report: Report, catalog: Catalog) -> Iterator[Finding]:
    given = [(one["column"], one["id"], one["dimensions"], one["latest"]) for one in fields["indicators"]]
    wanted = [(f"c{n}", one.indicator, one.dimensions, one.latest) for n, one in enumerate(report.columns, start=1)]
    if given != wanted:
        yield _differs("columns", "indicators", _ids(given), _ids(wanted))
        return
    for one in fields["indicators"]:
        indicator = catalog.indicators[one["id"]]
        if (one["unit"], one["decimals"]) != (indicator.unit, indicator.decimals):
            wanted_unit = f"{indicator.unit}, {indicator.decimals}"
            yield _differs("columns", f"indicators.{one['column']}", f"{one['unit']}, {one['decimals']}", wanted_unit)
        if one["version"] not in {version.valid_from.isoformat() for version in indicator.versions}:
            versions = ", ".join(version.valid_from.isoformat() for version in indicator.versions)
            yield _differs("columns", f"indicators.{one['column']}.version", one["version"], versions)
        if not one["latest"] and one["time_period"] != fields["period"]["id"]:
            place = f"indicators.{one['column']}.time_period"
            yield _differs("columns", place, one["time_period"], fields["period"]["id"])
    ids = [one[0] for one in given]
    for row in fields["data"]:
        if [value["column"] for value in row["values"]] != ids:
            yield _differs("columns", f"data.{row['ref_area']}.values", str(len(row["values"])), str(len(ids)))


def _ids(columns: Sequence[tuple[str, str, str, bool]]) -> str:
    return ", ".join(f"{name}[{dimensions}]" if dimensions else name for _, name, dimensions, _ in columns)


def _areas(fields: Fields, report: Report, closed: Closing, catalog: Catalog) -> Iterator[Finding]:
    day = basis_day(report, closed)
    wanted = {code: area for code, area in catalog.register.on(day).items() if area.level == report.level}
    given = [row["ref_area"] for row in fields["data"]]
    for code in sorted({code for code in given if given.count(code) > 1} if len(set(given)) < len(given) else ()):
        yield _finding("area-twice", code, f"đơn vị {code} có hai dòng", f"area {code} has two rows")
    for code in sorted(set(given) - set(wanted)):
        vi = f"mã {code} không phải là đơn vị cấp {report.level} có hiệu lực ngày {day}"
        yield _finding("area-unknown", code, vi, f"{code} is no {report.level} in force on {day}")
    for code in sorted(set(wanted) - set(given)):
        vi = f"thiếu {wanted[code].name_vi} ({code}): báo cáo phải có đủ mọi đơn vị, kể cả khi chưa có số liệu"
        en = f"{wanted[code].name_vi} ({code}) is missing: every area has its row, even without figures"
        yield _finding("area-missing", code, vi, en)
    for row in fields["data"]:
        area: Area | None = wanted.get(row["ref_area"])
        if area is not None and row["name"]["vi"] != area.name_vi:
            yield _differs("area-name", f"data.{area.code}.name", row["name"]["vi"], area.name_vi)


def _values(fields: Fields) -> Iterator[Finding]:
    decimals = {one["column"]: one["decimals"] for one in fields["indicators"]}
    for row in fields["data"]:
        for value in row["values"]:
            problem = _problem(value, decimals[value["column"]])
            if problem:
                vi, en = problem
                place = f"data.{row['ref_area']}.{value['column']}"
                yield _finding("value", place, f"{place}: {vi}", f"{place}: {en}")


def _problem(value: Fields, decimals: int) -> tuple[str, str] | None:
    shown, lower, upper = (value[name] for name in ("obs_value", "obs_lower", "obs_upper"))
    for number in (shown, lower, upper):
        if number is not None and len(number.partition(".")[2]) != decimals:
            return f"{number} phải có {decimals} chữ số thập phân", f"{number} must have {decimals} decimals"
    if shown is not None and (value["basis"] in (None, "refused") or value["obs_status"] in ("L", "M", "O", "Q")):
        return "có giá trị nhưng trạng thái nói là không có", "there is a value, but its status says that there is none"
    if shown is None and value["obs_status"] == "A":
        return "không có giá trị nhưng trạng thái là A", "there is no value, but its status is A"
    if lower is not None and Decimal(lower) > Decimal(shown if shown is not None else upper or lower):
        return "cận dưới lớn hơn giá trị hoặc cận trên", "the lower bound is above the value or the upper bound"
    if upper is not None and shown is not None and Decimal(shown) > Decimal(upper):
        return "giá trị lớn hơn cận trên", "the value is above the upper bound"
    return None


def _totals(fields: Fields, catalog: Catalog) -> Iterator[Finding]:
    wanted = [one["column"] for one in fields["indicators"] if _adds(one, catalog)]
    given = [total["column"] for total in fields["totals"]]
    if given != wanted:
        yield _differs("totals", "totals", ", ".join(given), ", ".join(wanted))
        return
    places = {one["column"]: number for number, one in enumerate(fields["indicators"])}
    for total in fields["totals"]:
        numbers = [row["values"][places[total["column"]]]["obs_value"] for row in fields["data"]]
        known = [Decimal(number) for number in numbers if number is not None]
        complete = len(known) == len(numbers)
        expected = f"{sum(known, Decimal(0)):f}" if complete else None
        if total["obs_value"] != expected or total["counted"] != len(known):
            place = f"totals.{total['column']}"
            yield _differs("balance", place, f"{total['obs_value']} ({total['counted']})", f"{expected} ({len(known)})")


def _adds(column: Fields, catalog: Catalog) -> bool:
    versions = catalog.indicators[column["id"]].versions
    version = next(one for one in versions if one.valid_from.isoformat() == column["version"])
    return is_additive(version, catalog.measures)


def _unknown_report(report_id: str, catalog: Catalog) -> Finding:
    known = ", ".join(sorted(catalog.reports))
    vi, en = f"không có biểu '{report_id}'; có: {known}", f"no report '{report_id}'; known: {known}"
    return _finding("report", "report", vi, en)


def _differs(rule: str, place: str, given: object, wanted: object) -> Finding:
    vi, en = f"ghi '{given}', đúng ra là '{wanted}'", f"it says '{given}', it should be '{wanted}'"
    return _finding(rule, place, f"{place}: {vi}", f"{place}: {en}")


def _finding(rule: str, place: str, vi: str, en: str) -> Finding:
    return Finding(f"receiver.{rule}", "error", vi, en, subject=place)
