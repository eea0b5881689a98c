"""A form is filled with what the lake holds and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.catalog import Catalog
from indicators.definitions import Input, Version
from indicators.findings import DataFault, UsageFault
from submitters.additive import is_additive
from submitters.fill import fill
from submitters.form import Cell, FilledReport, Reporter, Value

REPORTER = Reporter("T15", "Tỉnh mẫu")


def filled(catalog: Catalog, values: list[Value], period: str = "2024") -> FilledReport:
    return fill(catalog.reports["bao_cao_nam"], period, catalog, values, REPORTER)


def cell(form: FilledReport, area: str, indicator: str) -> Cell:
    number = [column.indicator for column in form.columns].index(indicator)
    return next(row.cells[number] for row in form.rows if row.ref_area == area)


def test_rows_are_the_areas_of_the_forms_day(catalog: Catalog, values: list[Value]) -> None:
    form = filled(catalog, values)
    assert [(row.ref_area, row.name.vi) for row in form.rows] == [
        ("01", "Thành phố Hà Nội"),
        ("15", "Tỉnh Lào Cai"),  # the code that meant Yên Bái the day before
        ("66", 'Tỉnh Ea H\'Leo & <b>"đèo"</b>'),
    ]


def test_cells_carry_value_bounds_status_and_basis(catalog: Catalog, values: list[Value]) -> None:
    form = filled(catalog, values)
    assert cell(form, "15", "population.total_mean").obs_status == "P"
    assert str(cell(form, "15", "land.total_area").obs_value) == "13257.0"
    bounded = cell(form, "15", "economy.grdp")
    assert bounded.obs_value is None
    # bounds are widened to the column's decimals, never narrowed
    assert (bounded.obs_lower, bounded.obs_upper, bounded.basis) == (Decimal(77000), Decimal(99001), "partial")
    missing = cell(form, "66", "population.density")
    assert (missing.obs_value, missing.obs_lower, missing.obs_status, missing.basis) == (None, None, "O", "")


def test_the_latest_period_is_taken_only_where_asked_and_never_a_later_one(
    catalog: Catalog, values: list[Value], make_value: Callable[..., Value]
) -> None:
    older = make_value("population.total_mean", "66", "1", period="2023")
    form = filled(catalog, [*values, older])
    assert [column.time_period for column in form.columns] == ["2024"] * 4 + ["2016"]
    assert str(cell(form, "01", "governance.pci").obs_value) == "60.74"
    assert str(cell(form, "66", "population.total_mean").obs_value) == "3346900"


def test_totals_only_where_figures_add_and_only_when_every_row_has_one(catalog: Catalog, values: list[Value]) -> None:
    totals = {column.indicator: column.total for column in filled(catalog, values).columns}
    assert totals["population.density"] is None
    assert totals["governance.pci"] is None
    population, grdp = totals["population.total_mean"], totals["economy.grdp"]
    assert population is not None
    assert (str(population.obs_value), population.basis, population.counted) == ("13843300", "estimated", 3)
    assert grdp is not None
    assert (grdp.obs_value, grdp.basis, grdp.counted) == (None, "partial", 2)  # a missing row is not zero
    assert (grdp.obs_lower, grdp.obs_upper) == (Decimal(1420097 + 205000 + 77000), Decimal(1420097 + 205000 + 99001))


def test_notes_count_and_give_the_reason(catalog: Catalog, values: list[Value]) -> None:
    notes = {(note.column, note.kind): note for note in filled(catalog, values).notes}
    assert set(notes) == {("c1", "estimated"), ("c2", "missing"), ("c3", "partial"), ("c5", "refused")}
    assert notes["c5", "refused"].areas == 1
    assert "điểm khảo sát không cộng được" in notes["c5", "refused"].text.vi
    assert "survey scores do not add" in notes["c5", "refused"].text.en


def test_values_of_other_days_and_areas_are_not_read(
    catalog: Catalog, values: list[Value], make_value: Callable[..., Value]
) -> None:
    old_day = make_value("population.density", "66", "5", area_basis=date(2025, 6, 30))
    commune = make_value("population.density", "00004", "5")
    assert filled(catalog, [*values, old_day, commune]) == filled(catalog, values)


def test_order_and_run_do_not_change_the_figures(catalog: Catalog, values: list[Value]) -> None:
    form = filled(catalog, values)
    assert filled(catalog, values[::-1]) == form
    again = filled(catalog, [replace(one, run_id="r2") for one in values])
    assert (again.runs, again.data_sha256) == (("r2",), form.data_sha256)
    changed = filled(catalog, [replace(values[0], obs_status="P"), *values[1:]])
    assert changed.data_sha256 != form.data_sha256


def test_a_period_without_figures_is_refused_with_what_to_run(catalog: Catalog, values: list[Value]) -> None:
    with pytest.raises(DataFault, match=r"chitieu run --report bao_cao_nam --period 2020"):
        filled(catalog, values, "2020")
    with pytest.raises(UsageFault, match=r"usage\.period-kind"):
        filled(catalog, values, "2024-Q1")


def test_two_values_for_a_cell_and_values_that_cannot_be_published_are_refused(
    catalog: Catalog, values: list[Value], make_value: Callable[..., Value]
) -> None:
    with pytest.raises(DataFault, match=r"form\.two-values"):
        filled(catalog, [*values, values[0]])
    with pytest.raises(DataFault, match=r"form\.value"):
        filled(catalog, [*values, make_value("population.density", "66", "1.005")])
    with pytest.raises(DataFault, match=r"form\.value"):
        filled(catalog, [*values, make_value("population.density", "66", "1.5", "guessed")])


@pytest.mark.parametrize(
    ("formula", "adds"),
    [
        ("p", True), ("(p - a) * 2", True), ("-p", True), ("p / 1000", True), ("g * p / 1000", True), ("p * g", True),
        ("p / a", False), ("g", False), ("g * a", False), ("g * before", False), ("p + 1", False), ("s", False),
        ("1000 / p", False), ("nullif(p, 0)", False), ("p * p", False), ("p +", False), ("unknown", False),
    ],
)  # fmt: skip
def test_what_adds_over_areas(catalog: Catalog, formula: str, adds: bool) -> None:
    inputs = {
        "p": Input("population.mean"), "a": Input("land.area"), "g": Input("economy.grdp_per_head"),
        "before": Input("population.mean", periods_back=1), "s": Input("governance.pci"),
    }  # fmt: skip
    assert is_additive(Version(date(2020, 1, 1), (), formula, inputs), catalog.measures) is adds
