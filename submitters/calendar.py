"""When a report is closed and when it is due: the calendar's rules for one period, without a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indicators.definitions import Calendar, CalendarPeriod, Report
from indicators.findings import DataFault, Finding, SystemFault, UsageFault
from indicators.periods import Period, parse_period
from indicators.windows import day_of_month, window_by_rule

_VIETNAM = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Closing:
    """The window of a period (both days included) and the last day to send, in the calendar's time zone."""

    period: Period
    window_from: date
    window_to: date
    deadline: date
    timezone: str
    rule: CalendarPeriod


def closing(calendar: Calendar, report: Report, period_text: str) -> Closing:
    """The window and the deadline of a report's period.

    A deadline that falls on a day off stays that day: the decree moves none.

    Args:
        calendar: The report's calendar.
        report: The report; the period must be of its frequency.
        period_text: The period as SDMX writes it; nine months as 2025-9M or 2025-01-01/P9M.

    Raises:
        UsageFault: Not a period, or not one of this report's frequency.
        DataFault: The calendar has no rule for this kind of period.
    """
    period = _period(period_text, report)
    if period.frequency != report.frequency:
        raise UsageFault(
            Finding(
                "usage.period-kind",
                "error",
                f"báo cáo '{report.id}' có kỳ {report.frequency}, nhưng '{period_text}' là kỳ {period.frequency}; "
                f"ví dụ đúng: {example(report.frequency)}",
                f"report '{report.id}' has frequency {report.frequency}, but '{period_text}' is of kind "
                f"{period.frequency}; for example: {example(report.frequency)}",
                subject=report.id,
                time_period=period_text,
            )
        )
    kind = period.frequency
    rule = calendar.periods.get(kind)
    if rule is None:
        raise DataFault(
            Finding(
                "calendar.no-rule",
                "error",
                f"lịch '{calendar.id}' không quy định kỳ {kind}; hãy thêm mục periods.{kind} kèm căn cứ",
                f"calendar '{calendar.id}' has no rule for {kind}; add periods.{kind} with its basis",
                file=calendar.file,
                subject=calendar.id,
            )
        )
    counted = window_by_rule(period, rule)
    return Closing(
        period,
        counted.first,
        counted.last,
        day_of_month(period.end, rule.due_month, rule.due_day),
        calendar.timezone,
        rule,
    )


def basis_day(report: Report, closed: Closing) -> date:
    """The day whose areas are the report's rows: the report's own, else the last day of the window."""
    return report.area_basis or closed.window_to


def is_late(closed: Closing, now: datetime) -> bool:
    """Whether the deadline is over at a moment (with time zone): it lasts until midnight where it is due."""
    return now.astimezone(zone(closed.timezone)).date() > closed.deadline


def zone(name: str) -> tzinfo:
    """A time zone by name; Viet Nam's is +07:00 all year, also on a machine without a time zone database.

    Raises:
        SystemFault: The machine does not know the zone.
    """
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        if name == _VIETNAM:
            return timezone(timedelta(hours=7), name)
        raise SystemFault(
            Finding(
                "calendar.zone",
                "error",
                f"máy không có múi giờ '{name}'; hãy cài gói tzdata",
                f"this machine does not know the time zone '{name}'; install tzdata",
            )
        ) from None


def example(kind: str) -> str:
    """A period of a kind, for messages."""
    return {"M": "2025-07", "Q": "2025-Q3", "S": "2025-S2", "9M": "2025-9M"}.get(kind, "2025")


def _period(text: str, report: Report) -> Period:
    try:
        return parse_period(text)
    except DataFault:
        raise UsageFault(
            Finding(
                "usage.period",
                "error",
                f"'{text}' không phải là kỳ báo cáo; ví dụ đúng: {example(report.frequency)}",
                f"'{text}' is not a reporting period; for example: {example(report.frequency)}",
                subject=report.id,
                time_period=text,
            )
        ) from None
