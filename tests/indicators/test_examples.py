"""Worked examples are run the way real figures are: combine the areas, run the formula, round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from indicators.definitions import AreaRule, Example, Indicator, Input, Measure, Name, Version, WhenMissing
from indicators.examples import check_examples, run_example

NAME = Name("tên", "name")


def measure(id_: str, rule: AreaRule, decimals: int = 0) -> Measure:
    return Measure(id_, NAME, "PERSON", decimals, "commune", rule, "flow")


MEASURES = {
    "births": measure("births", AreaRule("sum")),
    "people": measure("people", AreaRule("sum")),
    "income": measure("income", AreaRule("mean", by="people"), decimals=1),
    "peak": measure("peak", AreaRule("max")),
    "trough": measure("trough", AreaRule("min")),
    "score": measure("score", AreaRule("none", why=NAME)),
}
Given = Mapping[str, list[str | None]]


def indicator(
    formula: str, given: Given, expect: str | None, decimals: int = 1, when_missing: WhenMissing = "blank"
) -> Indicator:
    version = Version(date(2023, 1, 1), (), formula, {name: Input(name) for name in given}, when_missing)
    values = {name: tuple(None if v is None else Decimal(v) for v in each) for name, each in given.items()}
    example = Example(values, None if expect is None else Decimal(expect), "e")
    return Indicator("x", NAME, "U", decimals, "A", (), (version,), (example,), file="x.yaml")


@pytest.mark.parametrize(
    ("formula", "given", "expect"),
    [
        ("births / people * 1000", {"births": ["120", "80"], "people": ["9000", "7000"]}, "12.5"),
        ("births / people * 1000", {"births": ["120", None], "people": ["9000", "7000"]}, None),
        ("births / people * 1000", {"births": ["0", "0"], "people": ["0", "0"]}, None),
        ("income", {"income": ["10", "40"], "people": ["300", "100"]}, "17.5"),
        ("income", {"income": ["10", "40"], "people": ["300", None]}, None),
        ("income", {"income": ["10", "40"]}, None),
        ("income", {"income": ["10"]}, "10"),
        ("peak - trough", {"peak": ["5", "7"], "trough": ["5", "3"]}, "4"),
        ("score", {"score": ["61.5", "70"]}, None),
        ("score", {"score": ["61.5"]}, "61.5"),
        ("COALESCE(births, 0) + people", {"births": [None], "people": ["10"]}, "10"),
        ("people / 8", {"people": ["1"]}, "0.1"),
        ("people / 20", {"people": ["1"]}, "0.1"),
    ],
)
def test_examples_that_hold(formula: str, given: Given, expect: str | None) -> None:
    assert check_examples(indicator(formula, given, expect), MEASURES) == []


def test_a_mean_of_ratios_is_found_out_with_both_figures() -> None:
    given: Given = {"births": ["120", "80"], "people": ["9000", "7000"]}
    (finding,) = check_examples(indicator("births / people * 1000", given, "12.4"), MEASURES)
    assert finding.rule == "indicator.example-fails"
    assert "expects 12.4" in finding.en
    assert "gives 12.5" in finding.en
    assert "cần 12.4" in finding.vi
    assert "cho 12.5" in finding.vi
    assert finding.file == "x.yaml"


@pytest.mark.parametrize("expect", ["0", None])
def test_missing_and_zero_are_not_the_same(expect: str | None) -> None:
    given: Given = {"births": [None if expect == "0" else "0"], "people": ["10"]}
    (finding,) = check_examples(indicator("births / people", given, expect), MEASURES)
    assert "missing" in finding.en


def test_partial_takes_what_there_is_of_a_sum() -> None:
    given: Given = {"births": ["120", None], "people": ["9000", "7000"]}
    partial = indicator("births / 10 + people", given, "16012", when_missing="partial")
    assert check_examples(partial, MEASURES) == []
    nothing: Given = {"births": [None, None], "people": ["9000", "7000"]}
    assert check_examples(indicator("births + people", nothing, None, when_missing="partial"), MEASURES) == []


@pytest.mark.parametrize(
    "given",
    [
        {"births": ["1"]},
        {"births": ["1"], "people": ["1"], "peak": ["1"]},
        {"births": ["1", "2"], "people": ["1"]},
        {"births": [], "people": []},
    ],
)
def test_inputs_that_do_not_fit_are_named(given: Given) -> None:
    version = Version(date(2023, 1, 1), (), "births / people", {"births": Input("births"), "people": Input("people")})
    values = {name: tuple(Decimal(v) for v in each if v) for name, each in given.items()}
    broken = Indicator("x", NAME, "U", 1, "A", (), (version,), (Example(values, Decimal(1)),))
    (finding,) = check_examples(broken, MEASURES)
    assert finding.rule == "indicator.example-inputs"


def test_the_newest_version_unless_another_is_asked_for() -> None:
    old = Version(date(2020, 1, 1), (), "births * 2", {"births": Input("births")})
    new = Version(date(2024, 1, 1), (), "births * 3", {"births": Input("births")})
    both = Indicator("x", NAME, "U", 0, "A", (), (old, new), (Example({"births": (Decimal(5),)}, Decimal(15)),))
    assert check_examples(both, MEASURES) == []
    (finding,) = check_examples(both, MEASURES, old)
    assert "gives 10" in finding.en
    assert run_example(both, old, both.examples[0], MEASURES) == Decimal(10)


def test_growth_weighs_each_mean_by_the_people_of_its_own_period() -> None:
    inputs = {
        "now": Input("income"), "before": Input("income", periods_back=1),
        "people": Input("people"), "people_before": Input("people", periods_back=1),
    }  # fmt: skip
    version = Version(date(2023, 1, 1), (), "now / before * 100 - 100 + 0 * people / people_before", inputs)
    given = {"now": (20, 20), "before": (10, 40), "people": (1, 1), "people_before": (3, 1)}
    values = {name: tuple(Decimal(v) for v in each) for name, each in given.items()}
    growth = Indicator("x", NAME, "PERCENT", 1, "A", (), (version,), (Example(values, Decimal("14.3")),))
    assert check_examples(growth, MEASURES) == []
