"""Laws of rounding, and of periods: what goes there comes back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indicators.periods import PeriodFrequency, in_order, parse_period, parts, period_on, shift
from indicators.rounding import round_down, round_half_up, round_up

VALUES = st.fractions(min_value=-(10**15), max_value=10**15, max_denominator=10**6)
DECIMALS = st.integers(0, 9)
FREQUENCIES = st.sampled_from(["A", "S", "9M", "Q", "M", "W", "D"])
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(value=st.decimals(-(10**12), 10**12, places=6), decimals=st.integers(0, 6))
def test_half_up_is_the_decimal_modules_half_up(value: Decimal, decimals: int) -> None:
    assert round_half_up(Fraction(value), decimals) == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@given(value=VALUES, decimals=DECIMALS)
def test_at_most_half_a_unit_away_and_once_is_enough(value: Fraction, decimals: int) -> None:
    rounded = Fraction(round_half_up(value, decimals))
    assert abs(rounded - value) <= Fraction(1, 2 * 10**decimals)
    assert Fraction(round_half_up(rounded, decimals)) == rounded
    assert round_half_up(-value, decimals) == -round_half_up(value, decimals)


@given(one=VALUES, other=VALUES, decimals=DECIMALS)
def test_rounding_keeps_order(one: Fraction, other: Fraction, decimals: int) -> None:
    low, high = min(one, other), max(one, other)
    for rounds in (round_half_up, round_down, round_up):
        assert rounds(low, decimals) <= rounds(high, decimals)


@given(value=VALUES, decimals=DECIMALS)
def test_bounds_go_outwards_and_the_rounded_value_stays_inside(value: Fraction, decimals: int) -> None:
    low, high = round_down(value, decimals), round_up(value, decimals)
    assert Fraction(low) <= value <= Fraction(high)
    assert low <= round_half_up(value, decimals) <= high
    assert (low == high) == ((value * 10**decimals).denominator == 1)


@given(day=DAYS, frequency=FREQUENCIES, count=st.integers(-60, 60))
def test_a_period_is_read_back_and_moved_back(day: date, frequency: PeriodFrequency, count: int) -> None:
    period = period_on(day, frequency)
    assert parse_period(period.text) == period
    assert parse_period(period.sdmx) == period
    assert shift(shift(period, count), -count) == period
    assert period.contains(day) or frequency == "9M"


@given(day=DAYS, frequency=FREQUENCIES)
def test_the_next_period_begins_the_day_after(day: date, frequency: PeriodFrequency) -> None:
    period = period_on(day, frequency)
    following = shift(period, 1)
    assert in_order([following, period, following]) == [period, following]
    if frequency != "9M":
        assert following.start == period.end + timedelta(days=1)


@given(day=DAYS, longer=FREQUENCIES, shorter=FREQUENCIES)
def test_parts_cover_a_period_exactly_or_there_are_none(
    day: date, longer: PeriodFrequency, shorter: PeriodFrequency
) -> None:
    period = period_on(day, longer)
    found = parts(period, shorter)
    days = sum(((part.end - part.start).days + 1 for part in found), 0)
    assert days in (0, (period.end - period.start).days + 1)
    assert all(period.contains(part) for part in found)
    assert list(found) == in_order(found)
