"""Computing: the formula in force, missing and refused inputs, bounds, status, basis, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from engine.compute import VALUES, compute, input_periods
from engine.frames import RESTATED
from indicators.definitions import AreaRule, Indicator, Input, Measure, Name, Version, WhenMissing
from indicators.findings import DataFault

NAME = Name("tên", "name")
DAY = date(2025, 7, 1)
WHY = Name("xếp hạng không gộp được; hãy khảo sát lại", "a ranking cannot be combined; survey again")


def measure(id_: str, rule: AreaRule | None = None, *, signed: bool = False) -> Measure:
    return Measure(id_, NAME, "PERSON", 0, "commune", rule or AreaRule("sum"), "flow", signed=signed)


MEASURES = {
    "births": measure("births"),
    "people": measure("people"),
    "change": measure("change", signed=True),
    "score": measure("score", AreaRule("none", why=WHY)),
    "income": measure("income", AreaRule("mean", by="people")),
}


def figure(
    measure: str, area: str = "01", period: str = "2024", value: str | None = "1", **more: Any
) -> dict[str, Any]:
    """A restated figure; exact unless told otherwise."""
    known = None if value is None else Decimal(value)
    row = {
        "measure": measure, "ref_area": area, "area_basis": DAY, "time_period": period, "dimensions": "",
        "obs_value": known, "obs_lower": known, "obs_upper": known, "obs_status": "O" if value is None else "A",
        "basis": "partial" if value is None else "exact", "coverage": Decimal(0 if value is None else 1),
    }  # fmt: skip
    for name, given in more.items():
        row[name] = Decimal(given) if name in ("obs_lower", "obs_upper", "coverage") and given is not None else given
    return row


def tables(*rows: dict[str, Any]) -> dict[str, pl.DataFrame]:
    every = pl.DataFrame(list(rows), schema=RESTATED)
    return {name: every.filter(pl.col("measure") == name) for name in MEASURES}


def indicator(formula: str, decimals: int = 1, when_missing: WhenMissing = "blank", **inputs: Input | str) -> Indicator:
    given = {name: Input(each) if isinstance(each, str) else each for name, each in inputs.items()}
    version = Version(date(2020, 1, 1), (), formula, given, when_missing)
    return Indicator("x.y", NAME, "UNIT", decimals, "A", ("commune",), (version,))


RATE = indicator("births / people * 1000", births="births", people="people")


def one(
    indicator: Indicator, *rows: dict[str, Any], period: str = "2024", findings: list[str] | None = None
) -> dict[str, Any]:
    values, found = compute(indicator, tables(*rows), MEASURES, [period])
    assert values.schema == pl.Schema(VALUES)
    if findings is not None:
        assert [each.rule for each in found] == findings
    return values.row(0, named=True) | {"rows": values.height, "found": found}


def numbers(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        row[name] if row[name] is None else float(row[name]) for name in ("obs_value", "obs_lower", "obs_upper")
    )


def marks(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["obs_status"], row["basis"], float(row["coverage"])


def test_the_example_of_the_contract() -> None:
    row = one(RATE, figure("births", value="200"), figure("people", value="16000"), findings=[])
    assert numbers(row) == (12.5, 12.5, 12.5)
    assert marks(row) == ("A", "exact", 1.0)
    assert (row["indicator"], row["version"], row["unit"], row["dimensions"]) == ("x.y", "2020-01-01", "UNIT", "")


def test_rounded_half_up_once_and_bounds_with_it() -> None:
    share = indicator("births / people", decimals=2, births="births", people="people")
    assert numbers(one(share, figure("births", value="1"), figure("people", value="8"))) == (0.13, 0.13, 0.13)
    signed = indicator("change / people", decimals=2, change="change", people="people")
    row = one(signed, figure("change", value="-1"), figure("people", value="8"))
    assert numbers(row) == (-0.13, -0.13, -0.13)


def test_uncertain_inputs_give_bounds_rounded_outwards() -> None:
    cut = figure("births", value=None, obs_lower="100", obs_upper="200", coverage="1")
    row = one(RATE, cut, figure("people", value="30000"))
    assert numbers(row) == (None, 3.3, 6.7)
    assert marks(row) == ("O", "partial", 1.0)


def test_an_estimate_keeps_its_bounds_and_its_mark() -> None:
    estimate = figure(
        "births", value="150", obs_lower="100", obs_upper="200", obs_status="E", basis="estimated", coverage="1"
    )
    row = one(RATE, estimate, figure("people", value="30000"))
    assert numbers(row) == (5.0, 3.3, 6.7)
    assert marks(row) == ("E", "estimated", 1.0)


@pytest.mark.parametrize(
    ("formula", "bounds"),
    [
        ("births / (births + people) * 100", (25.0, 40.0)),
        ("births / people * 100 - 100", (-66.7, -33.3)),
        ("LEAST(births, people)", (100.0, 200.0)),
        ("CASE WHEN people > 250 THEN births ELSE 0 END", (100.0, 200.0)),
        ("people - births", (100.0, 200.0)),
    ],
)
def test_bounds_of_other_shapes(formula: str, bounds: tuple[float, float]) -> None:
    shape = indicator(formula, births="births", people="people")
    cut = figure("births", value=None, obs_lower="100", obs_upper="200", coverage="1")
    assert numbers(one(shape, cut, figure("people", value="300"))) == (None, *bounds)


def test_a_missing_input_is_never_zero() -> None:
    row = one(RATE, figure("births", value=None), figure("people", value="16000"), findings=[])
    assert numbers(row) == (None, 0.0, None)
    assert marks(row) == ("O", "partial", 0.0)
    absent = one(RATE, figure("people", value="16000"))
    assert numbers(absent) == numbers(row)
    assert marks(absent) == marks(row)


def test_where_nothing_is_known_there_are_no_bounds() -> None:
    row = one(RATE, figure("births", value=None), figure("people", value=None))
    assert numbers(row) == (None, None, None)
    signed = indicator("change", change="change")
    assert numbers(one(signed, figure("change", value=None))) == (None, None, None)


def test_an_unknown_part_of_a_balance_has_no_bound() -> None:
    net = indicator("births + change", births="births", change="change")
    row = one(net, figure("births", value="5"), figure("change", value=None))
    assert numbers(row) == (None, None, None)


def test_a_division_by_zero_cannot_exist() -> None:
    row = one(RATE, figure("births", value="0"), figure("people", value="0"), findings=["compute.impossible"])
    assert numbers(row) == (None, None, None)
    assert marks(row) == ("M", "exact", 1.0)
    assert "01" in row["found"][0].vi


def test_a_denominator_that_may_be_zero_has_no_upper_bound() -> None:
    cut = figure("people", value=None, obs_lower="0", obs_upper="500", coverage="1")
    assert numbers(one(RATE, figure("births", value="5"), cut)) == (None, 10.0, None)


def test_a_refused_input_refuses_the_figure_and_says_why() -> None:
    score = indicator("score", score="score")
    row = one(
        score, figure("score", value=None, obs_status="M", basis="refused", coverage="1"), findings=["compute.refused"]
    )
    assert numbers(row) == (None, None, None)
    assert marks(row) == ("M", "refused", 1.0)
    assert WHY.vi in row["found"][0].vi
    assert WHY.en in row["found"][0].en
    both = indicator("COALESCE(score, 0) + people", score="score", people="people")
    refused = figure("score", value=None, obs_status="M", basis="refused")
    assert marks(one(both, refused, figure("people", value="3")))[:2] == ("M", "refused")


@pytest.mark.parametrize("shown", [{}, {"value": "7"}, {"obs_lower": "7", "obs_upper": "7"}])
def test_what_is_suppressed_is_not_told(shown: dict[str, Any]) -> None:
    hidden = figure("births", **({"value": None} | shown), obs_status="Q")
    row = one(RATE, hidden, figure("people", value="1000"))
    assert row["obs_value"] is None
    assert row["obs_status"] == "Q"
    assert row["basis"] == "partial"
    assert row["obs_lower"] != 7
    assert row["obs_upper"] is None
    loose = figure("people", value="1500", obs_lower="1000", obs_upper="2000", basis="estimated")
    assert numbers(one(RATE, hidden, loose)) == (None, 0.0, None)
    filled = indicator("COALESCE(births, 0) + people", births="births", people="people")
    assert one(filled, hidden, figure("people", value="1000"))["obs_value"] is None
    carried = indicator("births", when_missing="carry_forward", births="births")
    before = figure("births", period="2023", value="6")
    assert one(carried, hidden, before)["obs_value"] is None


def test_a_suppressed_figure_keeps_bounds_that_do_not_tell_it() -> None:
    hidden = figure("births", value=None, obs_status="Q", obs_lower="1", obs_upper="4")
    row = one(RATE, hidden, figure("people", value="1000"))
    assert numbers(row) == (None, 1.0, 4.0)


@pytest.mark.parametrize(
    ("births", "people", "status"),
    [
        (("A", "reported"), ("A", "exact"), ("A", "exact")),
        (("P", "reported"), ("A", "reported"), ("P", "reported")),
        (("P", "reported"), ("E", "estimated"), ("E", "estimated")),
        (("B", "exact"), ("P", "reported"), ("P", "exact")),
        (("E", "partial"), ("A", "reported"), ("E", "partial")),
    ],
)
def test_status_and_basis_are_the_worst_of_the_inputs(
    births: tuple[str, str], people: tuple[str, str], status: tuple[str, str]
) -> None:
    row = one(
        RATE,
        figure("births", value="3", obs_status=births[0], basis=births[1]),
        figure("people", value="5", obs_status=people[0], basis=people[1], coverage="0.5"),
    )
    assert marks(row) == (*status, 0.5)


@pytest.mark.parametrize(
    ("births", "people", "status"),
    [("M", "M", "M"), ("L", "M", "L"), ("O", "L", "O"), ("M", "A", "M")],
)  # fmt: skip
def test_status_without_a_value(births: str, people: str, status: str) -> None:
    values = {"births": births, "people": people}
    rows = [figure(name, value="3" if s == "A" else None, obs_status=s) for name, s in values.items()]
    assert one(RATE, *rows)["obs_status"] == status


def test_coalesce_gives_a_value_that_is_marked() -> None:
    filled = indicator("COALESCE(births, 0) + people", births="births", people="people")
    row = one(filled, figure("births", value=None), figure("people", value="10"))
    assert numbers(row) == (10.0, 10.0, None)
    assert marks(row) == ("P", "partial", 0.0)


def test_partial_takes_what_has_been_reported() -> None:
    partial = indicator("births / 10 + people", when_missing="partial", births="births", people="people")
    some = figure("births", value=None, obs_lower="90", obs_upper=None, coverage="0.9")
    row = one(partial, some, figure("people", value="100"))
    assert numbers(row) == (109.0, 109.0, None)
    assert marks(row) == ("P", "partial", 0.9)
    assert one(RATE, some, figure("people", value="10000"))["obs_value"] is None


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("births", {"obs_lower": "90", "obs_upper": "99", "coverage": "1"}),  # all reported; a share is not known
        ("births", {"coverage": "0"}),
        ("change", {"obs_lower": "90", "obs_upper": "99", "coverage": "0.5"}),
        ("income", {"obs_lower": "90", "obs_upper": "99", "coverage": "0.5"}),
    ],
)
def test_partial_is_no_licence_to_guess(name: str, more: dict[str, str]) -> None:
    partial = indicator("a", when_missing="partial", a=name)
    assert one(partial, figure(name, value=None, **more))["obs_value"] is None


def test_carried_forward_and_marked() -> None:
    carried = indicator("births", when_missing="carry_forward", births="births")
    rows = [figure("births", period="2022", value="7"), figure("births", period="2024", value=None)]
    row = one(carried, *rows)
    assert numbers(row) == (7.0, None, None)
    assert marks(row) == ("I", "estimated", 0.0)
    assert row["rows"] == 1
    other = figure("births", area="02", period="2023", value="9")
    values, _ = compute(carried, tables(*rows, other), MEASURES, ["2024", "2023"])
    assert values.select("time_period", "ref_area", "obs_value", "obs_status").rows() == [
        ("2023", "01", Decimal(7), "I"),
        ("2023", "02", Decimal(9), "A"),
        ("2024", "01", Decimal(7), "I"),
        ("2024", "02", Decimal(9), "I"),
    ]


def test_not_carried_where_it_is_certainly_wrong_or_too_old() -> None:
    carried = indicator("births", when_missing="carry_forward", births="births")
    low = figure("births", value=None, obs_lower="8", obs_upper="9", coverage="1")
    assert one(carried, figure("births", period="2023", value="7"), low)["obs_value"] is None
    old = figure("births", period="2019", value="7")
    version = replace(carried.versions[0], valid_from=date(2010, 1, 1))
    assert one(replace(carried, versions=(version,)), old, figure("births", value=None))["obs_value"] is None
    assert input_periods(carried, ["2024"]) == ("2020", "2021", "2022", "2023", "2024")


def test_growth_takes_the_period_before() -> None:
    growth = indicator(
        "now / before * 100 - 100", now="people", before=Input("people", periods_back=1)
    )  # fmt: skip
    assert input_periods(growth, ["2024"]) == ("2023", "2024")
    row = one(growth, figure("people", value="110"), figure("people", period="2023", value="100"))
    assert numbers(row) == (10.0, 10.0, 10.0)
    without = one(growth, figure("people", value="110"))
    assert without["obs_status"] == "O"
    values, _ = compute(growth, tables(figure("people", value="1")), MEASURES, ["2024", "2025"])
    assert values["time_period"].to_list() == ["2024", "2025"]


def test_inputs_select_their_dimensions() -> None:
    share = indicator("urban / everyone * 100", urban=Input("people", {"residence": "U"}), everyone="people")
    rows = [
        figure("people", value="200"),
        figure("people", value="50", dimensions="residence=U"),
        figure("people", value="150", dimensions="residence=R"),
        figure("people", value="60", dimensions="sex=F"),
        figure("people", value="15", dimensions="residence=U;sex=F"),
    ]
    assert numbers(one(share, *rows)) == (25.0, 25.0, 25.0)
    values, _ = compute(share, tables(*rows), MEASURES, ["2024"], dimensions=["", "sex=F"])
    assert values.select("dimensions", "obs_value").rows() == [("", Decimal(25)), ("sex=F", Decimal(25))]


def test_the_version_in_force_on_the_last_day_of_the_period() -> None:
    old, new = (
        Version(date(2020, 1, 1), (), "people", {"people": Input("people")}),
        Version(date(2024, 12, 31), (), "people * 2", {"people": Input("people")}),
    )
    dated = Indicator("x.y", NAME, "UNIT", 0, "A", ("commune",), (old, new))
    rows = [figure("people", period=str(year), value="5") for year in (2019, 2023, 2024)]
    values, found = compute(dated, tables(*rows), MEASURES, ["2024", "2023", "2019"])
    assert values.select("time_period", "version", "obs_value").rows() == [
        ("2023", "2020-01-01", Decimal(5)),
        ("2024", "2024-12-31", Decimal(10)),
    ]
    assert [each.rule for each in found] == ["compute.no-version"]


def test_every_area_that_occurs_gets_an_answer() -> None:
    rows = [figure("births", area="01"), figure("people", area="02", value="4"), figure("people", area="01", value="4")]
    values, _ = compute(RATE, tables(*rows), MEASURES, ["2024"])
    assert values.select("ref_area", "obs_value").rows() == [("01", Decimal(250)), ("02", None)]


def test_periods_that_do_not_fit_or_have_nothing_give_nothing() -> None:
    rows = [figure("births"), figure("people", value="4"), figure("births", period="2024-07")]
    values, _ = compute(RATE, tables(*rows), MEASURES, ["2023", "2024", "2024", "2024-07"])
    assert values["time_period"].to_list() == ["2024"]
    assert compute(RATE, tables(), MEASURES, ["2024"])[0].is_empty()
    with pytest.raises(DataFault):
        compute(RATE, tables(), MEASURES, ["2024-13"])


def test_two_figures_for_one_place_are_a_fault() -> None:
    with pytest.raises(DataFault) as caught:
        one(RATE, figure("births", value="1"), figure("births", value="2"), figure("people", value="4"))
    assert caught.value.findings[0].rule == "compute.two-figures"


def test_a_result_that_is_too_long_is_not_published() -> None:
    huge = indicator("POWER(people, 4)", people="people")
    row = one(huge, figure("people", value="99999999999"), findings=["compute.too-large"])
    assert numbers(row) == (None, None, None)
    assert row["basis"] == "refused"


def test_same_input_same_frame_whatever_the_order_of_rows() -> None:
    rows = [figure(name, area=f"{i:02}", value=str(i * 7 % 13)) for i in range(40) for name in ("births", "people")]
    first, _ = compute(RATE, tables(*rows), MEASURES, ["2024"])
    second, _ = compute(RATE, tables(*reversed(rows)), MEASURES, ["2024"])
    assert first.equals(second)
    assert first["ref_area"].to_list() == [f"{i:02}" for i in range(40)]
