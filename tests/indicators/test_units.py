"""Unit algebra: the formula must give the unit that the indicator declares."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from indicators.definitions import AreaRule, Indicator, Input, Measure, Name, Unit, Version
from indicators.unit_dimensions import dimension_of, dimension_text
from indicators.units import BUILT_IN_UNITS, check_units

NAME = Name("tên", "name")


def check(formula: str, unit: str, **units: str) -> list[str]:
    measures = {
        name: Measure(name, NAME, measured, 0, "commune", AreaRule("sum"), "flow") for name, measured in units.items()
    }
    version = Version(date(2023, 1, 1), (), formula, {name: Input(name) for name in units})
    indicator = Indicator("x", NAME, unit, 1, "A", ("province",), (version,))
    return [finding.text("en") for finding in check_units(indicator, version, measures, BUILT_IN_UNITS)]


@pytest.mark.parametrize(
    ("formula", "unit", "units"),
    [
        ("births / population * 1000", "PER_1000_PERSONS", {"births": "PERSON", "population": "PERSON"}),
        ("urban / (urban + rural) * 100", "PERCENT", {"urban": "PERSON", "rural": "PERSON"}),
        ("now / previous * 100 - 100", "PERCENT", {"now": "MILLION_VND", "previous": "MILLION_VND"}),
        ("(now - previous) / previous * 100", "PERCENT", {"now": "PERSON", "previous": "PERSON"}),
        ("people / land", "PERSON_PER_KM2", {"people": "PERSON", "land": "KM2"}),
        ("people / land * 100", "PERSON_PER_KM2", {"people": "PERSON", "land": "HECTARE"}),
        ("head * people / 1000", "BILLION_VND", {"head": "MILLION_VND_PER_PERSON", "people": "PERSON"}),
        ("(start + finish) / 2", "PERSON", {"start": "PERSON", "finish": "PERSON"}),
        ("COALESCE(a, 0) + b", "PERSON", {"a": "PERSON", "b": "PERSON"}),
        ("a / NULLIF(b, 0)", "RATIO", {"a": "KM2", "b": "KM2"}),
        ("CASE WHEN b > 20 THEN a / b * 100 END", "PERCENT", {"a": "PERSON", "b": "PERSON"}),
        ("LEAST(a / b * 100, 100)", "PERCENT", {"a": "PERSON", "b": "PERSON"}),
        ("a", "SCORE", {"a": "SCORE"}),
        ("cases / people * 100000", "CASE_PER_100000_PERSONS", {"cases": "CASE", "people": "PERSON"}),
        ("ROUND(ABS(-a), 0)", "VND", {"a": "VND"}),
        ("POWER(a / b, 2)", "RATIO", {"a": "VND", "b": "VND"}),
    ],
)
def test_formulas_that_give_their_unit(formula: str, unit: str, units: dict[str, str]) -> None:
    assert check(formula, unit, **units) == []


@pytest.mark.parametrize(
    ("formula", "unit", "units", "said"),
    [
        ("b / p * 100", "PER_1000_PERSONS", {"b": "PERSON", "p": "PERSON"}, "multiply the formula by 10 "),
        ("b / p", "PERCENT", {"b": "PERSON", "p": "PERSON"}, "multiply the formula by 100 "),
        ("p / land", "PERSON_PER_KM2", {"p": "PERSON", "land": "HECTARE"}, "multiply the formula by 100 "),
        ("p / land", "PERSON", {"p": "PERSON", "land": "KM2"}, "gives person/km2"),
        ("p + land", "PERSON", {"p": "PERSON", "land": "KM2"}, "person and km2, which are unlike"),
        ("p + 1000", "PERSON", {"p": "PERSON"}, "person and 1000, which are unlike"),
        ("a + b", "VND", {"a": "VND", "b": "MILLION_VND"}, "vnd and vnd × 1/1000000"),
        ("CASE WHEN a > b THEN a END", "VND", {"a": "VND", "b": "PERSON"}, "vnd and person"),
        ("COALESCE(a, b)", "VND", {"a": "VND", "b": "USD"}, "vnd and usd"),
        ("head * people", "BILLION_VND", {"head": "MILLION_VND_PER_PERSON", "people": "PERSON"}, "by 1/1000 "),
        ("a * b", "VND", {"a": "VND", "b": "VND"}, "gives vnd^2"),
        ("POWER(a, -1)", "VND", {"a": "VND"}, "gives 1/vnd"),
    ],
)
def test_formulas_that_do_not(formula: str, unit: str, units: dict[str, str], said: str) -> None:
    (message,) = check(formula, unit, **units)
    assert said in message
    assert "[indicator.units]" in message


def test_both_units_and_the_factor_are_named_in_vietnamese_too() -> None:
    version = Version(date(2023, 1, 1), (), "b / p * 100", {"b": Input("b"), "p": Input("p")})
    measure = Measure("b", NAME, "PERSON", 0, "commune", AreaRule("sum"), "flow")
    indicator = Indicator("x", NAME, "PER_1000_PERSONS", 1, "A", (), (version,), file="x.yaml")
    (finding,) = check_units(indicator, version, {"b": measure, "p": measure}, BUILT_IN_UNITS)
    assert finding.vi == (
        "công thức «b / p * 100»: cho ra 1 nhân 100, nhưng đơn vị khai báo PER_1000_PERSONS là 1 nhân 1000; "
        "nhân công thức với 10 hoặc đổi đơn vị"
    )
    assert (finding.file, finding.subject) == ("x.yaml", "x")


def test_what_is_not_defined_is_left_to_other_checks() -> None:
    assert check("a / b", "NO_SUCH_UNIT", a="PERSON", b="PERSON") == []
    assert check("a / b", "PERCENT", a="PERSON") == []
    assert check("a / b", "PERCENT", a="PERSON", b="NO_SUCH_UNIT") == []


def test_a_workspace_may_have_units_of_its_own() -> None:
    units = {"ACRE": Unit("ACRE", NAME, NAME, "km2", Decimal("0.0040468564224")), "KM2": BUILT_IN_UNITS["KM2"]}
    measure = Measure("a", NAME, "ACRE", 0, "commune", AreaRule("sum"), "flow")
    for formula, right in (("a * 0.0040468564224", True), ("a", False), ("a / 100", False)):
        version = Version(date(2023, 1, 1), (), formula, {"a": Input("a")})
        indicator = Indicator("x", NAME, "KM2", 1, "A", (), (version,))
        assert (check_units(indicator, version, {"a": measure}, units) == []) is right, formula


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "1"), ("person", "person"), ("VND/person", "vnd/person"), ("person/km^2", "person/km^2"),
        ("a*b/c*d", "a*b*d/c"), ("a/b/c", "a/b/c"), ("km*km", "km^2"), ("person/person", "1"), ("1/year", "1/year"),
    ],
)  # fmt: skip
def test_dimension_texts(text: str, shown: str) -> None:
    assert dimension_text(dimension_of(text)) == shown
    assert dimension_of(shown) == dimension_of(text)


@pytest.mark.parametrize("text", ["a//b", "a/", "*", "km^two"])
def test_malformed_dimensions(text: str) -> None:
    with pytest.raises(ValueError):
        dimension_of(text)


def test_every_built_in_unit_is_well_formed() -> None:
    for id_, unit in BUILT_IN_UNITS.items():
        assert unit.id == id_
        assert unit.scale > 0
        dimension_of(unit.dimension)
