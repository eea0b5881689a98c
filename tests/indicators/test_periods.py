"""SDMX periods: reading, moving, parts, order."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.findings import DataFault
from indicators.periods import PeriodFrequency, in_order, parse_period, parts, period_on, shift


@pytest.mark.parametrize(
    ("text", "frequency", "start", "end"),
    [
        ("2024", "A", "2024-01-01", "2024-12-31"),
        ("2024-A1", "A", "2024-01-01", "2024-12-31"),
        ("2024-S1", "S", "2024-01-01", "2024-06-30"),
        ("2024-S2", "S", "2024-07-01", "2024-12-31"),
        ("2024-Q1", "Q", "2024-01-01", "2024-03-31"),
        ("2024-Q4", "Q", "2024-10-01", "2024-12-31"),
        ("2024-9M", "9M", "2024-01-01", "2024-09-30"),
        ("2024-01-01/P9M", "9M", "2024-01-01", "2024-09-30"),
        ("2024-02", "M", "2024-02-01", "2024-02-29"),
        ("2023-M02", "M", "2023-02-01", "2023-02-28"),
        ("2024-W01", "W", "2024-01-01", "2024-01-07"),
        ("2021-W01", "W", "2021-01-04", "2021-01-10"),
        ("2020-W53", "W", "2020-12-28", "2021-01-03"),
        ("2025-07-01", "D", "2025-07-01", "2025-07-01"),
        ("9999", "A", "9999-01-01", "9999-12-31"),
    ],
)
def test_reading(text: str, frequency: str, start: str, end: str) -> None:
    period = parse_period(text)
    assert period.frequency == frequency
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert parse_period(period.text) == period
    assert parse_period(period.sdmx) == period


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-13", "months go from 1 to 12"), ("2024-00", "months go from 1 to 12"),
        ("2024-Q5", "quarters go from 1 to 4"), ("2024-Q0", "quarters go from 1 to 4"),
        ("2024-S3", "half-years go from 1 to 2"), ("2024-W54", "weeks go from 1 to 53"),
        ("2024-W53", "2024 has no week 53"), ("2023-02-29", "no such day"), ("2024-04-31", "no such day"),
        ("24", "not clear"), ("", "not clear"), ("2024 ", "not clear"), ("2024-7", "not clear"),
        ("07/2024", "not clear"), ("2024-q1", "not clear"), ("2024Q1", "not clear"), ("20244", "not clear"),
        ("2024-07-1", "not clear"), ("2024-02-01/P9M", "not clear"), ("２０２４", "not clear"), ("-2024", "not clear"),
        ("2024\n", "not clear"), ("0000", "years begin"), ("2024-A2", "not clear"), ("2024-Q12", "not clear"),
    ],
)  # fmt: skip
def test_malformed_texts_say_why(text: str, why: str) -> None:
    with pytest.raises(DataFault) as caught:
        parse_period(text)
    (finding,) = caught.value.findings
    assert finding.rule == "period.malformed"
    assert why in finding.en
    assert "2024-Q1" in finding.vi


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("2024", -4, "2020"), ("2024-S1", -1, "2023-S2"), ("2024-Q4", 1, "2025-Q1"), ("2024-Q1", -5, "2022-Q4"),
        ("2024-01", -1, "2023-12"), ("2024-12", 13, "2026-01"), ("2024-9M", 1, "2025-9M"),
        ("2020-W53", 1, "2021-W01"), ("2024-02-28", 1, "2024-02-29"), ("2025-06-30", 1, "2025-07-01"),
        ("2024-07", 0, "2024-07"), ("9999-W50", 1, "9999-W51"), ("0001", 0, "0001"),
    ],
)  # fmt: skip
def test_shifting(text: str, count: int, expected: str) -> None:
    moved = shift(parse_period(text), count)
    assert moved.text == expected
    assert shift(moved, -count) == parse_period(text)


@pytest.mark.parametrize(("text", "count"), [("9999", 1), ("0001-Q1", -1), ("9999-12-31", 1), ("2024-01", -(10**9))])
def test_shifting_out_of_the_calendar_is_a_finding(text: str, count: int) -> None:
    with pytest.raises(DataFault):
        shift(parse_period(text), count)


@pytest.mark.parametrize(
    ("text", "frequency", "count"),
    [
        ("2024", "S", 2), ("2024", "Q", 4), ("2024", "M", 12), ("2024", "D", 366), ("2023", "D", 365),
        ("2024-9M", "Q", 3), ("2024-9M", "M", 9), ("2024-Q2", "M", 3), ("2024-W05", "D", 7), ("2024", "A", 1),
        ("2024-9M", "9M", 1), ("2024", "W", 0), ("2024", "9M", 0), ("2024-9M", "S", 0), ("2024-Q1", "A", 0),
        ("2024-07", "W", 0), ("2024-07-15", "M", 0),
    ],
)  # fmt: skip
def test_parts(text: str, frequency: PeriodFrequency, count: int) -> None:
    period = parse_period(text)
    found = parts(period, frequency)
    assert len(found) == count
    assert all(period.contains(part) for part in found)
    if found:
        assert (found[0].start, found[-1].end) == (period.start, period.end)


def test_the_day_of_the_change_lies_where_it_should() -> None:
    day, before = date(2025, 7, 1), date(2025, 6, 30)
    assert [period_on(day, f).text for f in ("A", "S", "Q", "M", "W", "D")] == [
        "2025", "2025-S2", "2025-Q3", "2025-07", "2025-W27", "2025-07-01",
    ]  # fmt: skip
    assert [period_on(before, f).text for f in ("S", "Q", "M")] == ["2025-S1", "2025-Q2", "2025-06"]
    assert period_on(before, "9M").text == "2025-9M"
    assert parse_period("2025-S2").contains(day)
    assert not parse_period("2025-S2").contains(before)


def test_order_is_by_first_day_then_shorter_first() -> None:
    texts = ["2024", "2023-Q4", "2024-01", "2024-Q1", "2024-9M", "2024-S1", "2024", "2024-01-01"]
    assert [period.text for period in in_order(parse_period(text) for text in texts)] == [
        "2023-Q4", "2024-01-01", "2024-01", "2024-Q1", "2024-S1", "2024-9M", "2024",
    ]  # fmt: skip
