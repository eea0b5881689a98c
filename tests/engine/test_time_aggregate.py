"""Longer periods from shorter ones, worked out by hand: sums, last ones, means, refusals, gaps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.frames import RESTATED
from engine.time_aggregate import parts_held, time_aggregate
from indicators.definitions import AreaRule, Measure, Name, TimeRule
from indicators.findings import DataFault

DAY = date(2025, 7, 1)
MONTHS = [f"2024-{month:02}" for month in range(1, 13)]
QUARTERS = [f"2024-Q{number}" for number in range(1, 5)]


def measure(time: TimeRule = "flow", decimals: int = 0, signed: bool = False) -> Measure:
    return Measure("m", Name("m", "m"), "PERSON", decimals, "commune", AreaRule("sum"), time, signed=signed)


def row(period: str, value: object, **changes: Any) -> dict[str, Any]:
    """A figure; its bounds are the value unless given."""
    number = None if value is None else Decimal(str(value))
    made = {
        "measure": "m", "ref_area": "X", "area_basis": DAY, "time_period": period, "dimensions": "",
        "obs_value": number, "obs_lower": number, "obs_upper": number,
        "obs_status": "A" if number is not None else "O", "basis": "reported" if number is not None else "partial",
        "coverage": Decimal(number is not None),
    }  # fmt: skip
    return {**made, **changes}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RESTATED, orient="row")


def made(rows: pl.DataFrame, made_for: Measure, period: str = "2024", **more: Any) -> tuple[Any, ...]:
    result, _ = time_aggregate(rows, made_for, [period], **more)
    found = result.filter(pl.col("time_period") == period)
    assert found.height == 1
    columns = ("obs_value", "obs_lower", "obs_upper", "basis", "obs_status", "coverage")
    return tuple(found.row(0, named=True)[name] for name in columns)


def rules(rows: pl.DataFrame, made_for: Measure, period: str = "2024", **more: Any) -> list[str]:
    return [finding.rule for finding in time_aggregate(rows, made_for, [period], **more)[1]]


def year(values: list[object]) -> pl.DataFrame:
    return frame(*(row(month, value) for month, value in zip(MONTHS, values, strict=True)))


def test_flows_sum_stocks_take_the_last_averages_the_mean() -> None:
    months = year([*range(1, 12), 13])
    assert made(months, measure("flow"))[:4] == (79, 79, 79, "exact")
    assert made(months, measure("stock"))[:4] == (13, 13, 13, "reported")
    assert made(months, measure("average"))[:4] == (7, 7, 7, "exact")  # 79 / 12 = 6.58
    assert made(months, measure("average", 2))[0] == Decimal("6.58")
    assert made(year([*[1] * 11, 7]), measure("average"))[0] == 2  # 1.5: half up


def test_a_missing_month_makes_the_year_missing_with_what_is_certain() -> None:
    months = year([10] * 4 + [None] + [10] * 7)
    assert made(months, measure()) == (None, 110, None, "partial", "O", Decimal("0.916667"))
    assert made(months.filter(pl.col("time_period") != "2024-05"), measure())[:3] == (None, 110, None)
    assert made(months, measure(signed=True))[:3] == (None, None, None)
    assert made(months, measure("average"))[:3] == (None, 9, None)  # 110 / 12 = 9.17: rounded outward
    assert made(months, measure("stock"))[0] == 10
    assert rules(months, measure()) == ["time.incomplete"]
    absent = time_aggregate(months.filter(pl.col("time_period") != "2024-05"), measure(), ["2024"])[1]
    assert "2024-05" in absent[0].en


def test_a_stock_whose_last_month_is_missing_takes_no_earlier_one() -> None:
    assert made(year([5] * 11 + [None]), measure("stock"))[:3] == (None, None, None)
    only_earlier = year([5] * 12).filter(pl.col("time_period") != "2024-12")
    assert time_aggregate(only_earlier, measure("stock"), ["2024"])[0].height == 11


def test_quarters_and_months_may_be_mixed_and_a_longer_part_given_stands() -> None:
    mixed = frame(*(row(quarter, 30) for quarter in QUARTERS[:3]), *(row(month, 11) for month in MONTHS[9:]))
    assert made(mixed, measure())[0] == 123
    assert made(mixed, measure("average"))[0] == 25  # (30 x 9 + 11 x 3) / 12 = 25.25
    assert made(mixed, measure("stock"))[0] == 11
    both = pl.concat([mixed, frame(row("2024-01", 1), row("2024-02", 1), row("2024-03", 1))])
    assert made(both, measure())[0] == 123
    blank = frame(row("2024-Q1", None), *(row(month, 1) for month in MONTHS))
    assert made(blank, measure())[0] == 12
    assert made(year([1] * 12), measure(), "2024-9M")[0] == 9
    assert made(year([1] * 12), measure(), "2024-S2")[0] == 6


def test_days_make_a_month_and_the_mean_counts_each_day() -> None:
    days = frame(*(row(f"2024-02-{day:02}", day) for day in range(1, 30)))
    assert made(days, measure(), "2024-02")[0] == 435
    assert made(days, measure("stock"), "2024-02")[0] == 29
    rest = frame(*(row(f"2024-{month:02}", 0) for month in (1, 3)))
    assert made(pl.concat([days, rest]), measure("average", 4), "2024-Q1")[0] == Decimal("4.7802")  # 435 / 91


def test_what_has_no_rule_is_refused_with_what_to_do() -> None:
    months = year([1] * 12)
    assert made(months, measure("none"))[:5] == (None, None, None, "refused", "M")
    findings = time_aggregate(months, measure("none"), ["2024"])[1]
    assert [finding.rule for finding in findings] == ["time.refused"]
    assert "load the figure of 2024 itself" in findings[0].en
    own = pl.concat([months, frame(row("2024", 5))])
    assert made(own, measure("none"))[0] == 5
    assert rules(own, measure("none")) == []


def test_status_basis_and_coverage_are_those_of_the_parts() -> None:
    months = year([1] * 12)
    estimated = pl.concat([months[1:], frame(row("2024-01", 5, obs_lower=Decimal(2), obs_upper=Decimal(9),
                                                 obs_status="E", basis="estimated", coverage=Decimal(1)))])  # fmt: skip
    assert made(estimated, measure()) == (16, 13, 20, "estimated", "E", 1)
    hidden = pl.concat([months[1:], frame(row("2024-01", None, obs_status="Q"))])
    assert made(hidden, measure())[3:5] == ("partial", "Q")
    refused = pl.concat([months[1:], frame(row("2024-01", None, obs_status="M", basis="refused"))])
    assert made(refused, measure())[:5] == (None, None, None, "refused", "M")
    broken = pl.concat([months[1:], frame(row("2024-01", 1, obs_status="B"))])
    assert made(broken, measure())[4] == "B"


def test_a_figure_of_the_period_itself_stands_and_a_difference_is_told() -> None:
    both = pl.concat([year([1] * 12), frame(row("2024", 13))])
    assert made(both, measure())[0] == 13
    assert rules(both, measure()) == ["time.differs"]
    gap = pl.concat([year([1] * 12), frame(row("2024", None))])
    assert made(gap, measure())[0] == 12  # the parts say what the year itself lacks
    hidden = pl.concat([year([1] * 12), frame(row("2024", None, obs_status="Q"))])
    assert made(hidden, measure())[0] is None  # what is suppressed is not made up from its parts


def test_across_a_change_parts_restated_on_their_own_sides_are_better() -> None:
    crossed = pl.DataFrame({"time_period": ["2024"], "ref_area": ["X"]})
    both = pl.concat([year([1] * 12), frame(row("2024", 13, obs_status="B"))])
    assert made(both, measure(), broken=crossed)[0] == 12
    assert made(both, measure(), broken=crossed)[4] == "A"
    short = pl.concat([year([1] * 12)[1:], frame(row("2024", 13, obs_status="B"))])
    assert made(short, measure(), broken=crossed)[0] == 13
    elsewhere = crossed.with_columns(ref_area=pl.lit("Y"))
    assert made(both, measure(), broken=elsewhere)[0] == 13


def test_series_are_kept_apart() -> None:
    rows = pl.concat([year([1] * 12), year([2] * 12).with_columns(dimensions=pl.lit("sex=F"))])
    rows = pl.concat([rows, year([3] * 12).with_columns(ref_area=pl.lit("Y"))])
    result, _ = time_aggregate(rows, measure(), ["2024"])
    found = result.filter(pl.col("time_period") == "2024").select("ref_area", "dimensions", "obs_value")
    assert sorted(found.iter_rows()) == [("X", "", 12), ("X", "sex=F", 24), ("Y", "", 36)]


def test_two_figures_of_one_month_are_refused() -> None:
    with pytest.raises(DataFault, match="2024-03"):
        time_aggregate(pl.concat([year([1] * 12), frame(row("2024-03", 2))]), measure(), ["2024"])


def test_nothing_to_make_changes_nothing() -> None:
    rows = year([1] * 12)
    assert time_aggregate(rows, measure(), ["2023", "2024-01"])[0].equals(rows)
    assert parts_held(["2024"], ["2024-W01", "2024-Q1", "2023-12", "2024-9M"]) == {"2024": ["2024-Q1"]}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 999), min_size=12, max_size=12), st.sets(st.sampled_from([0, 1, 2, 3])))
def test_however_the_parts_are_grouped_the_year_is_the_same(values: list[int], grouped: set[int]) -> None:
    rows = [row(month, value) for month, value in zip(MONTHS, values, strict=True)]
    mixed: list[dict[str, Any]] = []
    for quarter in range(4):
        three = values[quarter * 3 : quarter * 3 + 3]
        mixed += [row(QUARTERS[quarter], sum(three))] if quarter in grouped else rows[quarter * 3 : quarter * 3 + 3]
    assert made(frame(*mixed), measure()) == made(frame(*rows), measure())
    assert made(frame(*rows), measure())[0] == sum(values)
    mean = made(frame(*rows), measure("average"))
    assert mean[0] == (2 * sum(values) + 12) // 24
    assert mean[0] == mean[1] == mean[2]
