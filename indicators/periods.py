"""Time periods as SDMX writes them: years, half-years, quarters, months, weeks, days, and nine months.

Viet Nam reports nine months from January to September (calendar key `9M` of Nghị định 09/2019). SDMX has no code for
that; its time range is `2024-01-01/P9M`. Figures carry the short text `2024-9M`, which is a file name and can be typed;
both are read. So are `2024-A1` and `2024-M07`, the long SDMX texts of `2024` and `2024-07`. A period has one text only
(`Period.text`), the short one, so that equal periods are equal texts.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

from indicators.findings import DataFault, Finding

PeriodFrequency: TypeAlias = Literal["A", "S", "9M", "Q", "M", "W", "D"]

MONTHS: dict[PeriodFrequency, int] = {"A": 12, "9M": 9, "S": 6, "Q": 3, "M": 1}
"""How many months a period of a frequency has; weeks and days are counted in days."""

_SHAPES: tuple[tuple[PeriodFrequency, re.Pattern[str], int], ...] = (
    ("A", re.compile(r"([0-9]{4})(?:-A(1))?"), 1),
    ("9M", re.compile(r"([0-9]{4})(?:-9M|-01-01/P9M)()"), 1),
    ("S", re.compile(r"([0-9]{4})-S([0-9])"), 2),
    ("Q", re.compile(r"([0-9]{4})-Q([0-9])"), 4),
    ("M", re.compile(r"([0-9]{4})-M?([0-9]{2})"), 12),
    ("W", re.compile(r"([0-9]{4})-W([0-9]{2})"), 53),
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KINDS: dict[PeriodFrequency, tuple[str, str]] = {
    "S": ("nửa năm", "half-years"),
    "Q": ("quý", "quarters"),
    "M": ("tháng", "months"),
    "W": ("tuần", "weeks"),
}


@dataclass(frozen=True)
class Period:
    """A period; `start` and `end` are its first and its last day."""

    text: str
    frequency: PeriodFrequency
    start: date
    end: date

    def contains(self, other: Period | date) -> bool:
        """Whether a day, or every day of another period, lies in it."""
        first, last = (other, other) if isinstance(other, date) else (other.start, other.end)
        return self.start <= first and last <= self.end

    @property
    def sdmx(self) -> str:
        """The text for SDMX messages: nine months are a time range."""
        return f"{self.start.isoformat()}/P9M" if self.frequency == "9M" else self.text


@lru_cache(maxsize=65536)
def parse_period(text: str) -> Period:
    """Read a period.

    Raises:
        DataFault: It is none (`period.malformed`), and why.

    >>> parse_period("2024-S2").start, parse_period("2024-01-01/P9M").text
    (datetime.date(2024, 7, 1), '2024-9M')
    """
    if _DAY.fullmatch(text):
        return _day(text)
    for frequency, shape, most in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            number = int(found[2] or 1)
            if not 1 <= number <= most:
                vi, en = _KINDS[frequency]
                raise _malformed(text, f"{vi} chỉ từ 1 đến {most}", f"{en} go from 1 to {most}")
            return _numbered(text, int(found[1]), frequency, number)
    raise _malformed(text, "không rõ là kỳ nào", "it is not clear which period is meant")


def period_on(day: date, frequency: PeriodFrequency) -> Period:
    """The period of a frequency that a day lies in (of nine months: the one of its year)."""
    if frequency == "D":
        return parse_period(day.isoformat())
    if frequency == "W":
        year, week, _ = day.isocalendar()
        return parse_period(f"{year:04}-W{week:02}")
    return _numbered("", day.year, frequency, 1 if frequency == "9M" else (day.month - 1) // MONTHS[frequency] + 1)


def shift(period: Period, count: int) -> Period:
    """The period so many periods later; earlier if negative. Nine months move by years.

    Raises:
        DataFault: It would lie outside the years 1 to 9999.

    >>> shift(parse_period("2024-Q1"), -1).text, shift(parse_period("2024-9M"), -1).text
    ('2023-Q4', '2023-9M')
    """
    months = 12 if period.frequency == "9M" else MONTHS.get(period.frequency)
    try:
        if months is None:
            days = 7 if period.frequency == "W" else 1
            return period_on(period.start + timedelta(days=days * count), period.frequency)
        place = period.start.year * 12 + period.start.month - 1 + months * count
        return period_on(date(place // 12, place % 12 + 1, 1), period.frequency)
    except (ValueError, OverflowError):
        raise _malformed(
            f"{period.text}{count:+}", "nằm ngoài các năm 1 đến 9999", "it lies outside the years 1 to 9999"
        ) from None


def parts(period: Period, frequency: PeriodFrequency) -> tuple[Period, ...]:
    """The periods of a frequency that make up a longer one, in order; empty where they do not cover it exactly.

    >>> [part.text for part in parts(parse_period("2024-9M"), "Q")]
    ['2024-Q1', '2024-Q2', '2024-Q3']
    """
    found: list[Period] = []
    next_day = period.start
    while next_day <= period.end:
        part = period_on(next_day, frequency)
        if part.start != next_day or part.end > period.end:
            return ()
        found.append(part)
        next_day = part.end + timedelta(days=1)
    return tuple(found)


def in_order(periods: Iterable[Period]) -> list[Period]:
    """Periods by their first day, shorter ones first, each once."""
    return sorted(set(periods), key=lambda period: (period.start, period.end, period.text))


def _numbered(text: str, year: int, frequency: PeriodFrequency, number: int) -> Period:
    """The period with a number in its year; `text` is what the user wrote, for messages."""
    if year == 0:
        raise _malformed(text, "năm bắt đầu từ 0001", "years begin with 0001")
    if frequency == "W":
        return _week(text, year, number)
    months = MONTHS[frequency]
    first = (number - 1) * months + 1
    last = first + months - 1
    texts: dict[PeriodFrequency, str] = {"A": "", "9M": "-9M", "M": f"-{number:02}"}
    name = f"{year:04}" + texts.get(frequency, f"-{frequency}{number}")
    return Period(name, frequency, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _week(text: str, year: int, number: int) -> Period:
    """A week as ISO 8601 counts it: it begins on a Monday, and week 1 has the year's first Thursday."""
    try:
        start = date.fromisocalendar(year, number, 1)
        return Period(f"{year:04}-W{number:02}", "W", start, start + timedelta(days=6))
    except (ValueError, OverflowError):
        raise _malformed(text, f"năm {year} không có tuần {number}", f"{year} has no week {number}") from None


def _day(text: str) -> Period:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _malformed(text, "không có ngày này trong lịch", "the calendar has no such day") from None
    return Period(text, "D", day, day)


def _malformed(text: str, vi: str, en: str) -> DataFault:
    forms = "2024, 2024-S1, 2024-9M, 2024-Q1, 2024-07, 2024-W05, 2024-07-15"
    return DataFault(
        Finding(
            rule="period.malformed",
            severity="error",
            vi=f"kỳ «{text}» không hợp lệ: {vi}; viết theo một trong các dạng {forms}",
            en=f"period '{text}' is malformed: {en}; write it like one of {forms}",
            time_period=text,
        )
    )
