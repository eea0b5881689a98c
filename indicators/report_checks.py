"""Checks calendars and report forms: time zones, kinds of period, and the indicators that a form shows."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from indicators.catalog_draft import Draft
from indicators.definitions import Indicator, Report, ReportColumn
from indicators.yaml_source import Document, Path

USUAL_ZONE = "Asia/Ho_Chi_Minh"


def check_calendars(draft: Draft) -> None:
    """Check every calendar; problems go to the draft's findings."""
    for calendar, document in draft.built("calendar"):
        # A machine without a time zone database cannot tell: then any name passes here.
        if not _is_zone(calendar.timezone) and _is_zone(USUAL_ZONE):
            draft.fault(document, ("timezone",), "calendar.timezone", name=calendar.timezone)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of the database
        return False
    return True


def check_reports(draft: Draft) -> None:
    """Check every report form; problems go to the draft's findings."""
    for report, document in draft.built("report"):
        if draft.register is not None:
            draft.known(document, ("level",), "level", report.level, draft.register.levels)
        if draft.known(document, ("calendar",), "calendar", report.calendar, draft.calendars):
            calendar = draft.calendars[report.calendar].built
            if calendar is not None:
                periods = calendar.periods
                draft.known(document, ("frequency",), "period", report.frequency, periods, calendar.id)
        seen: set[tuple[str, str]] = set()
        for number, column in enumerate(report.columns):
            path: Path = ("columns", number, "indicator")
            if (column.indicator, column.dimensions) in seen:
                draft.fault(document, path, "report.column-twice", id=column.indicator)
            seen.add((column.indicator, column.dimensions))
            _check_column(draft, report, document, path, column)


def _check_column(draft: Draft, report: Report, document: Document, path: Path, column: ReportColumn) -> None:
    if not draft.known(document, path, "indicator", column.indicator, draft.indicators):
        return
    indicator = draft.indicators[column.indicator].built
    if indicator is None:
        return
    if report.level not in indicator.levels:
        facts = {"id": indicator.id, "level": report.level, "levels": ", ".join(indicator.levels)}
        draft.fault(document, path, "report.indicator-level", **facts)
    if column.dimensions:
        _check_selection(draft, document, (*path[:-1], "dimensions"), indicator, column.dimensions)


def _check_selection(draft: Draft, document: Document, path: Path, indicator: Indicator, dimensions: str) -> None:
    """A column's `name=code;name=code` against the dimensions of what the indicator is made of."""
    lists: dict[str, str] = {}
    for given in indicator.versions[-1].inputs.values():
        measure = draft.measure(given.measure)
        if measure is None:
            return
        lists |= measure.dimensions
    for pair in dimensions.split(";"):
        name, _, code = pair.partition("=")
        if draft.known(document, path, "dimension", name, lists, indicator.id):
            codelist = draft.codelists.get(lists[name])
            if codelist is not None:
                draft.known(document, path, "code", code, codelist.codes, codelist.id)
