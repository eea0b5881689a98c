"""When a report is closed and when it is due: the calendar's rules for one period, without a clock."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indicators.definitions import Calendar, CalendarPeriod, Report
from indicators.findings import DataFault, Finding, SystemFault, UsageFault

_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:(?P<nine>-9M|-01-01/P9M)|-Q(?P<quarter>[1-4])|-S(?P<half>[12])|-M?(?P<month>0[1-9]|1[0-2])"
    r"|(?P<whole>-A1)?)"
)
_VIETNAM = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class ReportPeriod:
    """A period of a report: its kind (A, S, Q, M or 9M), year, and first and last month."""

    text: str
    kind: str
    year: int
    first_month: int
    last_month: int

    @property
    def end(self) -> date:
        """The period's last day."""
        return _day(self.year, self.last_month, 31)


@dataclass(frozen=True)
class Closing:
    """The window of a period (both days included) and the last day to send, in the calendar's time zone."""

    period: ReportPeriod
    window_from: date
    window_to: date
    deadline: date
    timezone: str
    rule: CalendarPeriod


def parse_period(text: str) -> ReportPeriod:
    """A period as SDMX writes it: 2025, 2025-S2, 2025-Q3, 2025-07; nine months: 2025-9M or 2025-01-01/P9M.

    Raises:
        UsageFault: It is none of these.

    >>> parse_period("2025-S2")
    ReportPeriod(text='2025-S2', kind='S', year=2025, first_month=7, last_month=12)
    """
    found = _PERIOD.fullmatch(text)
    if found is None or int(found["year"]) == 0:
        raise UsageFault(
            Finding(
                "usage.period",
                "error",
                f"'{text}' không phải là kỳ báo cáo; hãy viết 2025, 2025-S2, 2025-9M, 2025-Q3 hoặc 2025-07",
                f"'{text}' is not a reporting period; write 2025, 2025-S2, 2025-9M, 2025-Q3 or 2025-07",
                time_period=text,
            )
        )
    year = found["year"]
    if found["nine"]:
        return ReportPeriod(f"{year}-9M", "9M", int(year), 1, 9)
    if found["quarter"]:
        return ReportPeriod(f"{year}-Q{found['quarter']}", "Q", int(year), *_span(int(found["quarter"]), 3))
    if found["half"]:
        return ReportPeriod(f"{year}-S{found['half']}", "S", int(year), *_span(int(found["half"]), 6))
    if found["month"]:
        return ReportPeriod(f"{year}-{found['month']}", "M", int(year), *_span(int(found["month"]), 1))
    return ReportPeriod(year, "A", int(year), 1, 12)


def period_end(text: str) -> date:
    """The last day of a period of a figure, which may also be a single day (2021-10-25).

    Raises:
        UsageFault: It is neither a period nor a day.
    """
    try:
        return date.fromisoformat(text) if len(text) == len("2021-10-25") else parse_period(text).end
    except ValueError:
        return parse_period(text).end


def closing(calendar: Calendar, report: Report, period_text: str) -> Closing:
    """The window and the deadline of a report's period.

    A deadline that falls on a day off stays that day: the decree moves none.

    Args:
        calendar: The report's calendar.
        report: The report; the period must be of its frequency.
        period_text: The period as `parse_period` reads it.

    Raises:
        UsageFault: Not a period, or not one of this report's frequency.
        DataFault: The calendar has no rule for this kind of period.
    """
    period = parse_period(period_text)
    if period.kind != report.frequency:
        raise UsageFault(
            Finding(
                "usage.period-kind",
                "error",
                f"báo cáo '{report.id}' có kỳ {report.frequency}, nhưng '{period_text}' là kỳ {period.kind}; "
                f"ví dụ đúng: {example(report.frequency)}",
                f"report '{report.id}' has frequency {report.frequency}, but '{period_text}' is of kind "
                f"{period.kind}; for example: {example(report.frequency)}",
                subject=report.id,
                time_period=period_text,
            )
        )
    rule = calendar.periods.get(period.kind)
    if rule is None:
        raise DataFault(
            Finding(
                "calendar.no-rule",
                "error",
                f"lịch '{calendar.id}' không quy định kỳ {period.kind}; hãy thêm mục periods.{period.kind} kèm căn cứ",
                f"calendar '{calendar.id}' has no rule for {period.kind}; add periods.{period.kind} with its basis",
                file=calendar.file,
                subject=calendar.id,
            )
        )
    return Closing(
        period,
        _day(period.year, period.first_month + rule.from_month, rule.from_day),
        _day(period.year, period.last_month + rule.to_month, rule.to_day),
        _day(period.year, period.last_month + rule.due_month, rule.due_day),
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


def _span(number: int, months: int) -> tuple[int, int]:
    return (number - 1) * months + 1, number * months


def _day(year: int, month: int, day: int) -> date:
    """A day of a month counted from January of `year` (0: December before); past the month's end: its end."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))
