"""The report that is shipped, with the catalog that is shipped: the 34 provinces of today."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.catalog import Catalog, load_catalog
from submitters.fill import fill
from submitters.form import FilledReport, Reporter, Value
from submitters.render import render
from submitters.submit import checked_payload

DAY = date(2025, 7, 1)
UNCHANGED = ("01", "04", "11", "12", "14", "20", "22", "38", "40", "42", "46")
"""The provinces that the reorganisation left as they were."""


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog(Path(__file__).parents[2] / "catalog")


@pytest.fixture(scope="module")
def form(shipped: Catalog) -> FilledReport:
    """Every figure is 1,000 but the index, which is refused where provinces were merged."""
    report = shipped.reports["kinh_te_xa_hoi_nam"]
    years = {"population.census_total": "2019", "population.urban_share": "2019", "governance.pci": "2016"}
    values = []
    for column in report.columns:
        period = years.get(column.indicator, "2017" if column.indicator.startswith("budget") else "2024")
        version = shipped.indicators[column.indicator].version_on(date(int(period), 12, 31))
        assert version is not None
        for area in shipped.register.on(DAY).values():
            if area.level == "province":
                refused = column.indicator == "governance.pci" and area.code not in UNCHANGED
                number = None if refused else Decimal(1000)
                status, basis = ("M", "refused") if refused else ("A", "exact")
                start, name, dimensions = version.valid_from.isoformat(), column.indicator, column.dimensions
                known = (number, number, number)
                values.append(
                    Value(name, start, area.code, DAY, period, dimensions, *known, status, basis, Decimal(1), "r")
                )
    return fill(report, "2024", shipped, values, Reporter("G13", "Cục Thống kê"))


def test_it_has_a_row_for_each_of_the_34_provinces(form: FilledReport) -> None:
    assert len(form.rows) == 34
    names = {row.ref_area: row.name.vi for row in form.rows}
    assert "Lào Cai" in names["15"]  # the code of Yên Bái until the day before
    assert (form.closing.window_from, form.closing.window_to) == (date(2023, 12, 15), date(2024, 12, 14))
    assert form.closing.deadline == date(2024, 12, 25)


def test_what_adds_has_a_total_and_nothing_else_has(form: FilledReport) -> None:
    totals = {column.indicator: column.total for column in form.columns}
    assert {indicator for indicator, total in totals.items() if total} == {
        "population.total_mean", "land.total_area", "economy.grdp", "population.census_total",
        "budget.revenue_final", "budget.expenditure_final",
    }  # fmt: skip
    population = totals["population.total_mean"]
    assert population is not None
    assert population.obs_value == 34000


def test_the_index_is_refused_with_its_reason_and_the_older_years_are_named(form: FilledReport) -> None:
    refused = next(note for note in form.notes if note.kind == "refused")
    assert refused.areas == 34 - len(UNCHANGED)
    assert "PCI" in refused.text.vi
    assert {column.indicator: column.time_period for column in form.columns if column.latest} == {
        "population.census_total": "2019", "population.urban_share": "2019", "budget.revenue_final": "2017",
        "budget.expenditure_final": "2017", "governance.pci": "2016",
    }  # fmt: skip
    assert "số liệu kỳ 2016" in render(form, "html").decode()


def test_it_is_what_a_receiver_accepts(form: FilledReport, shipped: Catalog) -> None:
    document = json.loads(checked_payload(form, shipped))
    assert [row["ref_area"] for row in document["data"]] == sorted(row["ref_area"] for row in document["data"])
    assert len(document["indicators"]) == len(shipped.reports["kinh_te_xa_hoi_nam"].columns)
