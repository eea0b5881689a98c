"""Which windows cross 1 July 2025, and which areas' figures break there, on the real register."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from engine.frames import RESTATED
from engine.window_breaks import breaks, broken_areas, early_basis, mark
from indicators.catalog import Catalog
from indicators.periods import parse_period
from indicators.windows import Window, window

OLD, NEW, CHANGE = date(2025, 6, 30), date(2025, 7, 1), date(2025, 7, 1)
CALENDAR = "nd09_2019"


@pytest.mark.parametrize("period", ["2025-07", "2025-Q3", "2025-S2", "2025-9M", "2025"])
def test_windows_of_the_decree_that_cross_the_change(shipped: Catalog, period: str) -> None:
    counted = window(parse_period(period), shipped.calendars[CALENDAR])
    assert CHANGE in counted.changes(shipped.register)


@pytest.mark.parametrize("period", ["2025-06", "2025-08", "2025-Q2", "2025-Q4", "2025-S1", "2024", "2024-9M"])
def test_windows_of_the_decree_that_do_not(shipped: Catalog, period: str) -> None:
    counted = window(parse_period(period), shipped.calendars[CALENDAR])
    assert not counted.changes(shipped.register)


def test_windows_are_those_of_the_decree(shipped: Catalog) -> None:
    calendar = shipped.calendars[CALENDAR]
    assert window(parse_period("2025-07"), calendar) == Window(date(2025, 6, 15), date(2025, 7, 14))
    assert window(parse_period("2025"), calendar) == Window(date(2024, 12, 15), date(2025, 12, 14))
    assert window(parse_period("2025-9M"), calendar) == Window(date(2024, 12, 15), date(2025, 9, 14))


def test_without_a_calendar_a_period_counts_its_own_days(shipped: Catalog) -> None:
    for period in ("2025-06", "2025-07", "2025-Q3", "2025-S2", "2025-S1"):
        assert not window(parse_period(period)).changes(shipped.register)
    for period in ("2025", "2025-9M"):
        assert window(parse_period(period)).changes(shipped.register) == (CHANGE,)


def test_a_change_on_the_first_day_is_before_the_window_and_on_the_last_day_within(shipped: Catalog) -> None:
    register = shipped.register
    assert Window(date(2025, 7, 1), date(2025, 7, 31)).changes(register) == ()
    assert Window(date(2025, 6, 30), date(2025, 7, 1)).changes(register) == (CHANGE,)
    assert Window(date(2025, 6, 1), date(2025, 6, 30)).changes(register) == ()


def test_merged_provinces_break_and_unchanged_ones_do_not(shipped: Catalog) -> None:
    crossing = Window(date(2025, 6, 15), date(2025, 7, 14))
    new, old = (broken_areas(shipped.register, crossing, day, "province") for day in (NEW, OLD))
    assert (len(new), len(old)) == (23, 52)  # 11 provinces kept their territory
    assert "15" in new  # Lào Cai = Lào Cai + Yên Bái
    assert not {"01", "04", "46"} & (new | old)  # Hà Nội, Cao Bằng, Huế
    assert not broken_areas(shipped.register, Window(date(2025, 7, 1), date(2025, 7, 31)), NEW, "province")


def test_districts_all_break_and_of_communes_those_that_changed(shipped: Catalog) -> None:
    crossing = Window(date(2025, 6, 15), date(2025, 7, 14))
    register = shipped.register
    districts = {area.code for area in register.on(OLD).values() if area.level == "district"}
    assert broken_areas(register, crossing, OLD, "district") == districts
    communes = broken_areas(register, crossing, NEW, "commune")
    assert 3321 - len(communes) == pytest.approx(132, abs=40)  # unchanged ones
    assert broken_areas(register, crossing, date(2026, 9, 1), "province") == broken_areas(
        register, crossing, NEW, "province"
    )


def test_the_mark_gives_way_to_a_stronger_status(shipped: Catalog) -> None:
    broken = breaks(shipped.register, ["2025-07", "2025-06"], shipped.calendars[CALENDAR], NEW, "province")
    assert set(broken["time_period"]) == {"2025-07"}
    given = [("15", "A", 1), ("19", "E", 1), ("01", "A", 1), ("08", "O", None)]
    rows = pl.DataFrame(
        [
            ("m", code, NEW, "2025-07", "", None if n is None else Decimal(n), None, None, status, "exact", Decimal(1))
            for code, status, n in given
        ],
        schema=RESTATED,
        orient="row",
    )
    assert dict(mark(rows, broken).select("ref_area", "obs_status").iter_rows()) == {
        "15": "B", "19": "E", "01": "A", "08": "O",
    }  # fmt: skip


def test_codes_of_before_a_change_are_told_in_windows_that_cross_it_and_in_those_after(shipped: Catalog) -> None:
    births, register = shipped.measures["vital.births"], shipped.register
    periods = ["2025-06", "2025-S1", "2025-07", "2025-Q3", "2025-S2", "2025", "2024"]
    crossing, after = early_basis(register, periods, None, OLD, births, "--from")
    assert (crossing.time_period, crossing.severity) == ("2025", "warning")
    assert crossing.en.endswith("give --from 2025-12-31")
    assert "3 periods (2025-07, 2025-Q3, 2025-S2) lie after a change of boundaries" in after.en
    assert after.en.endswith("give --from 2025-12-31")
    assert not early_basis(register, periods, None, NEW, births)
    # By the decree's calendar July, the quarter and the half-year cross the change themselves.
    decree = early_basis(register, [*periods, "2025-08"], shipped.calendars[CALENDAR], OLD, births)
    assert [one.time_period for one in decree] == ["2025", "2025-07", "2025-Q3", "2025-S2", "2025-08"]
    assert decree[-1].en.endswith("give --basis 2025-08-14")


def test_a_window_that_begins_on_the_day_of_the_change_is_after_it(shipped: Catalog) -> None:
    births = shipped.measures["vital.births"]
    assert len(early_basis(shipped.register, ["2025-07-01"], None, OLD, births)) == 1
    assert not early_basis(shipped.register, ["2025-06-30"], None, OLD, births)
