"""A run over periods made of shorter ones, across the change of 1 July 2025, on the real provinces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from engine.frames import OBSERVATIONS
from engine.question import Question
from engine.run import Run, run
from indicators.catalog import Catalog
from indicators.definitions import AreaRule, Indicator, Input, Measure, Name, TimeRule, Version

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
NAME = Name("Thử", "Trial")


def catalog_of(shipped: Catalog, time: TimeRule = "flow") -> Catalog:
    """The real provinces with one measure, its indicator, and a report on the decree's calendar."""
    measure = Measure("x.flow", NAME, "PERSON", 0, "province", AreaRule("sum"), time)
    version = Version(date(2020, 1, 1), (), "n", {"n": Input("x.flow")})
    indicator = Indicator("x.published", NAME, "PERSON", 0, "M", ("province",), (version,))
    report = replace(shipped.reports["kinh_te_xa_hoi_nam"], id="r", columns=())
    return replace(
        shipped,
        measures={"x.flow": measure},
        indicators={"x.published": indicator},
        reports={"r": report},
    )


def months(catalog: Catalog, *, old: int = 6, value: int = 1) -> pl.DataFrame:
    """Each month, one from every old province at first, then one from every new one."""
    frames = []
    for number, month in enumerate(MONTHS):
        frames.append(observed(catalog, month, OLD if number < old else NEW, value))
    return pl.concat(frames)


def observed(catalog: Catalog, period: str, day: date, value: int = 1) -> pl.DataFrame:
    codes = sorted(area.code for area in catalog.register.on(day).values() if area.level == "province")
    rows: list[Any] = [
        ("x.flow", code, day, period, "", Decimal(value), "A", "load", f"f.csv:{place}")
        for place, code in enumerate(codes)
    ]
    return pl.DataFrame(rows, schema=OBSERVATIONS, orient="row")


def asked(
    catalog: Catalog, figures: pl.DataFrame, period: str, report: str = "", days: tuple[date, ...] = (NEW,)
) -> Run:
    return run(catalog, figures, Question((catalog.indicators["x.published"],), (period,), days, report), "catalog")


def values(result: Run, day: date = NEW) -> dict[str, tuple[Any, ...]]:
    of_day = result.values.filter(pl.col("area_basis") == day)
    return {row[0]: row[1:] for row in of_day.select("ref_area", "obs_value", "obs_status", "basis").iter_rows()}


def rules(result: Run) -> set[str]:
    return {finding.rule for finding in result.findings}


def test_a_year_of_months_before_and_after_the_change_is_exact_and_unmarked(shipped: Catalog) -> None:
    catalog = catalog_of(shipped)
    result = asked(catalog, months(catalog), "2025", days=(OLD, NEW))
    found = values(result)
    assert found["15"] == (6 * 2 + 6, "A", "exact")  # Lào Cai: two old provinces for six months, then one new one
    assert found["01"] == (12, "A", "exact")
    assert "run.break-in-window" not in rules(result)
    assert sum(value for value, *_ in found.values()) == 6 * 63 + 6 * 34
    before = values(result, OLD)
    assert before["01"] == (12, "A", "exact")
    assert before["10"][0] is None  # what the old Lào Cai had of the new one's months nobody knows


def test_on_the_decrees_calendar_the_month_of_july_breaks_and_so_does_the_year(shipped: Catalog) -> None:
    catalog = catalog_of(shipped)
    july = asked(catalog, months(catalog), "2025-07", "r")
    assert values(july)["15"] == (1, "B", "reported")
    assert values(july)["01"] == (1, "A", "reported")
    assert "run.break-in-window" in rules(july)
    assert values(asked(catalog, months(catalog), "2025-07"))["15"] == (1, "A", "reported")
    for period, status in (("2025-06", "A"), ("2025-S1", "A"), ("2025-Q2", "A"), ("2025-Q3", "B"), ("2025-S2", "B")):
        assert values(asked(catalog, months(catalog), period, "r"))["15"][1] == status, period
    whole = values(asked(catalog, months(catalog), "2025", "r"))
    assert whole["15"] == (18, "B", "exact")
    assert whole["01"] == (12, "A", "exact")


def test_a_year_given_as_one_figure_is_marked_unless_its_months_are_there(shipped: Catalog) -> None:
    catalog = catalog_of(shipped)
    yearly = observed(catalog, "2025", NEW, 100)
    alone = asked(catalog, yearly, "2025")
    assert values(alone)["15"] == (100, "B", "reported")
    assert values(alone)["01"] == (100, "A", "reported")
    assert any("2025-07-01" in finding.en or "23 areas" in finding.en for finding in alone.findings)
    both = asked(catalog, pl.concat([yearly, months(catalog)]), "2025")
    assert values(both)["15"] == (18, "A", "exact")
    assert values(both)["01"] == (100, "A", "reported")  # its territory did not change: the figure given stands
    assert "time.differs" in rules(both)
    assert values(asked(catalog, observed(catalog, "2024", OLD, 100), "2024"))["15"][1] == "A"


def test_a_missing_month_leaves_a_bound_and_says_which(shipped: Catalog) -> None:
    catalog = catalog_of(shipped)
    short = months(catalog).filter(pl.col("time_period") != "2025-03")
    result = asked(catalog, short, "2025")
    (row,) = result.values.filter(pl.col("ref_area") == "15").iter_rows(named=True)
    assert (row["obs_value"], row["obs_lower"], row["obs_upper"], row["obs_status"]) == (None, 16, None, "O")
    assert any(finding.rule == "time.incomplete" and "2025-03" in finding.en for finding in result.findings)


def test_stocks_take_the_last_month_and_are_never_marked(shipped: Catalog) -> None:
    catalog = catalog_of(shipped, "stock")
    result = asked(catalog, months(catalog, value=7), "2025", "r")
    assert values(result)["15"] == (7, "A", "reported")
    assert set(result.restated["time_period"]) == {"2025", "2025-12"}


@pytest.mark.parametrize(("time", "basis", "value"), [("average", "exact", 1), ("none", "refused", None)])
def test_averages_and_what_has_no_rule(shipped: Catalog, time: TimeRule, basis: str, value: object) -> None:
    catalog = catalog_of(shipped, time)
    result = asked(catalog, months(catalog), "2025")
    assert values(result)["01"][0] == value
    assert values(result)["01"][2] == basis
    if time == "average":
        assert values(result)["15"][0] == 2  # (6 x 2 + 6 x 1) / 12 = 1.5
    else:
        assert "time.refused" in rules(result)


def test_codes_of_before_the_change_at_the_end_of_a_window_are_told(shipped: Catalog) -> None:
    catalog = catalog_of(shipped)
    result = asked(catalog, months(catalog, old=7), "2025-07", "r")
    (finding,) = [finding for finding in result.findings if finding.rule == "run.basis-before-end"]
    assert "--basis 2025-07-14" in finding.en
    assert values(result)["15"] == (2, "B", "exact")
