"""The days that the figures of a period cover: the calendar's window, or the period's own days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from indicators.areas import Register
from indicators.definitions import Calendar, CalendarPeriod
from indicators.periods import Period


@dataclass(frozen=True)
class Window:
    """The first and the last day that a figure counts, both included."""

    first: date
    last: date

    def changes(self, register: Register) -> tuple[date, ...]:
        """The days within the window on which territory moved: areas were others before than after.

        A change takes effect as its day begins. So one on the window's first day is before everything that is counted,
        and one on its last day cuts that day off.
        """
        return tuple(day for day in register.change_days if self.first < day <= self.last)


def window(period: Period, calendar: Calendar | None = None) -> Window:
    """The window of a period.

    Args:
        period: The period.
        calendar: The calendar of the report; a kind of period that it has no rule for, like every period without a
            calendar, covers its own days.

    >>> from indicators.periods import parse_period
    >>> window(parse_period("2025-Q3")).last
    datetime.date(2025, 9, 30)
    """
    rule = calendar.periods.get(period.frequency) if calendar else None
    if rule is None:
        return Window(period.start, period.end)
    return window_by_rule(period, rule)


def window_by_rule(period: Period, rule: CalendarPeriod) -> Window:
    """The window that a rule of a calendar gives a period (Nghị định 09/2019, Điều 12: the 15th to the 14th)."""
    return Window(
        day_of_month(period.start, rule.from_month, rule.from_day),
        day_of_month(period.end, rule.to_month, rule.to_day),
    )


def day_of_month(month: date, months: int, day: int) -> date:
    """A day of the month that is so many months after `month`; a day past that month's end is its end."""
    place = month.year * 12 + month.month - 1 + months
    year, number = place // 12, place % 12 + 1
    return date(year, number, min(day, monthrange(year, number)[1]))
