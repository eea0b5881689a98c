"""Windows of Điều 12 and deadlines of Điều 13, Nghị định 09/2019/NĐ-CP, read from the shipped calendar."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
import yaml

import submitters.calendar
from indicators.definitions import Basis, Calendar, CalendarPeriod, Name, Report
from indicators.findings import DataFault, SystemFault, UsageFault
from submitters.calendar import basis_day, closing, is_late, zone

SHIPPED = Path(__file__).parents[2] / "catalog" / "calendars" / "nd09_2019.yaml"


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """The shipped file, read with a plain parser so that this test depends on nothing else."""
    text = yaml.safe_load(SHIPPED.read_text("utf-8"))
    periods = {
        kind: CalendarPeriod(
            rule["from"]["month"], rule["from"]["day"], rule["to"]["month"], rule["to"]["day"],
            rule["due"]["month"], rule["due"]["day"], Basis(**rule["basis"]),
        )
        for kind, rule in text["periods"].items()
    }  # fmt: skip
    return Calendar(text["id"], Name(**text["name"]), text["timezone"], periods)


def report(kind: str, area_basis: date | None = None) -> Report:
    return Report("r", Name("r", "r"), "nd09_2019", kind, "province", "sandbox", (), area_basis=area_basis)


@pytest.mark.parametrize(
    ("kind", "period", "first", "last", "due"),
    [
        ("M", "2025-07", "2025-06-15", "2025-07-14", "2025-07-25"),  # straddles 1 July 2025
        ("M", "2025-M07", "2025-06-15", "2025-07-14", "2025-07-25"),
        ("M", "2025-01", "2024-12-15", "2025-01-14", "2025-01-25"),
        ("M", "2024-03", "2024-02-15", "2024-03-14", "2024-03-25"),
        ("M", "2024-02", "2024-01-15", "2024-02-14", "2024-02-25"),
        ("M", "2025-12", "2025-11-15", "2025-12-14", "2025-12-25"),
        ("Q", "2025-Q1", "2024-12-15", "2025-03-14", "2025-03-25"),
        ("Q", "2025-Q2", "2025-03-15", "2025-06-14", "2025-06-25"),
        ("Q", "2025-Q3", "2025-06-15", "2025-09-14", "2025-09-25"),
        ("Q", "2025-Q4", "2025-09-15", "2025-12-14", "2025-12-25"),
        ("S", "2025-S1", "2024-12-15", "2025-06-14", "2025-06-25"),
        ("S", "2025-S2", "2025-06-15", "2025-12-14", "2025-12-25"),
        ("9M", "2025-9M", "2024-12-15", "2025-09-14", "2025-09-25"),
        ("9M", "2025-01-01/P9M", "2024-12-15", "2025-09-14", "2025-09-25"),
        ("A", "2025", "2024-12-15", "2025-12-14", "2025-12-25"),
        ("A", "2024-A1", "2023-12-15", "2024-12-14", "2024-12-25"),
    ],
)
def test_window_and_deadline(calendar: Calendar, kind: str, period: str, first: str, last: str, due: str) -> None:
    closed = closing(calendar, report(kind), period)
    days = (closed.window_from, closed.window_to, closed.deadline)
    assert [day.isoformat() for day in days] == [first, last, due]


def test_windows_of_following_periods_touch_without_gap_or_overlap(calendar: Calendar) -> None:
    kinds = {
        "M": [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)],
        "Q": [f"{year}-Q{number}" for year in (2023, 2024, 2025) for number in range(1, 5)],
        "S": [f"{year}-S{number}" for year in (2023, 2024, 2025) for number in (1, 2)],
        "A": ["2023", "2024", "2025"],
    }
    for kind, periods in kinds.items():
        windows = [closing(calendar, report(kind), period) for period in periods]
        for before, after in pairwise(windows):
            assert after.window_from == before.window_to + timedelta(days=1), (kind, after)
        assert all(one.deadline > one.window_to for one in windows)


def test_only_these_periods_straddle_the_reorganisation(calendar: Calendar) -> None:
    day = date(2025, 7, 1)
    asked = [("M", "2025-06"), ("M", "2025-07"), ("M", "2025-08"), ("Q", "2025-Q2"), ("Q", "2025-Q3"),
             ("S", "2025-S1"), ("S", "2025-S2"), ("9M", "2025-9M"), ("A", "2025")]  # fmt: skip
    windows = [closing(calendar, report(kind), period) for kind, period in asked]
    straddling = [one.period.text for one in windows if one.window_from < day <= one.window_to]
    assert straddling == ["2025-07", "2025-Q3", "2025-S2", "2025-9M", "2025"]


def test_a_deadline_on_a_day_off_stays_the_legal_day(calendar: Calendar) -> None:
    closed = closing(calendar, report("M"), "2025-01")
    assert closed.deadline.weekday() == 5  # a Saturday, and Tết besides


def test_nine_months_say_that_the_decree_has_no_rule_for_them(calendar: Calendar) -> None:
    basis = calendar.periods["9M"].basis
    assert not basis.verified
    assert "Điều 12" in basis.item
    assert all(calendar.periods[kind].basis.verified for kind in ("M", "Q", "S", "A"))


def test_days_past_the_end_of_a_month_are_its_end() -> None:
    rule = CalendarPeriod(0, 1, 0, 31, 1, 31, Basis("x"))
    month_end = Calendar("c", Name("c", "c"), "Asia/Ho_Chi_Minh", {"M": rule})
    closed = closing(month_end, report("M"), "2024-01")
    assert (closed.window_to, closed.deadline) == (date(2024, 1, 31), date(2024, 2, 29))
    assert closing(month_end, report("M"), "2025-01").deadline == date(2025, 2, 28)


@pytest.mark.parametrize("text", ["2025-13", "2025-Q5", "2025-S0", "25", "2025 ", "0000", "2025-7", "năm 2025", ""])
def test_what_is_no_period_is_refused_with_an_example(calendar: Calendar, text: str) -> None:
    with pytest.raises(UsageFault, match="for example: 2025-Q3"):
        closing(calendar, report("Q"), text)


def test_a_period_of_another_kind_is_refused(calendar: Calendar) -> None:
    with pytest.raises(UsageFault, match=r"usage\.period-kind"):
        closing(calendar, report("A"), "2025-Q3")
    with pytest.raises(DataFault, match=r"calendar\.no-rule"):
        closing(Calendar("c", Name("c", "c"), "Asia/Ho_Chi_Minh", {}), report("A"), "2025")


def test_the_deadline_ends_at_midnight_in_viet_nam(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = closing(calendar, report("A"), "2025")
    assert not is_late(closed, datetime(2025, 12, 25, 16, 59, 59, tzinfo=UTC))
    assert is_late(closed, datetime(2025, 12, 25, 17, 0, 0, tzinfo=UTC))

    def none(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(submitters.calendar, "ZoneInfo", none)
    assert is_late(closed, datetime(2025, 12, 25, 17, 0, 0, tzinfo=UTC))
    with pytest.raises(SystemFault, match="tzdata"):
        zone("Europe/Paris")


def test_rows_are_the_areas_of_the_reports_own_day_or_of_the_windows_last(calendar: Calendar) -> None:
    closed = closing(calendar, report("A"), "2024")
    assert basis_day(report("A"), closed) == date(2024, 12, 14)
    assert basis_day(report("A", date(2025, 7, 1)), closed) == date(2025, 7, 1)
