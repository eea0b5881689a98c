"""Figures over categories: sums of whole partitions, weighted means, extremes, and refusals that say why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from engine.aggregate import aggregate, refusals
from engine.frames import NUM, RESTATED
from engine.mean_weights import amounts, with_totals
from indicators.definitions import AreaRule, AreaRuleName, Code, Codelist, Measure, Name

DAY = date(2025, 7, 1)
COLUMNS = ("obs_value", "obs_lower", "obs_upper", "basis", "obs_status")


def codelist(name: str, **parents: str) -> Codelist:
    return Codelist(name, {code: Code(code, Name(code, code), parent) for code, parent in parents.items()})


LISTS = {
    "CL_SEX": codelist("CL_SEX", F="", M=""),
    "CL_AGE": codelist("CL_AGE", Y="", O="", O1="O", O2="O"),  # old people: O1 and O2
}


def measure(rule: AreaRuleName = "sum", **changes: Any) -> Measure:
    by = "people" if rule == "mean" else None
    made = Measure("m", Name("m", "m"), "PERSON", 0, "commune", AreaRule(rule, by), "stock",
                   dimensions={"age": "CL_AGE", "sex": "CL_SEX"})  # fmt: skip
    return replace(made, **changes)


def frame(figures: dict[str, int | str | None], name: str = "m") -> pl.DataFrame:
    """Figures by their dimensions; None is missing, "Q" suppressed."""
    rows = []
    for text, value in figures.items():
        number = Decimal(value) if isinstance(value, int) else None
        status = "A" if number is not None else "Q" if value == "Q" else "O"
        basis = "reported" if number is not None else "partial"
        rows.append((name, "X", DAY, "2024", text, number, number, number, status, basis, Decimal(number is not None)))
    return pl.DataFrame(rows, schema=RESTATED, orient="row")


def made(
    figures: dict[str, int | str | None], keep: list[str], rule: Measure, **more: Any
) -> dict[str, tuple[Any, ...]]:
    rows = aggregate(frame(figures), rule, keep, LISTS, **more)
    return {row["dimensions"]: tuple(row[name] for name in COLUMNS) for row in rows.iter_rows(named=True)}


def test_a_whole_partition_adds_up() -> None:
    assert made({"sex=F": 3, "sex=M": 4}, [], measure()) == {"": (7, 7, 7, "reported", "A")}
    table = {"age=Y;sex=F": 1, "age=O;sex=F": 2, "age=Y;sex=M": 3, "age=O;sex=M": 4}
    assert made(table, [], measure())[""][0] == 10
    assert made(table, ["sex"], measure())["sex=F"][0] == 3
    assert made(table, ["age"], measure())["age=O"][0] == 6


def test_a_category_that_nobody_reported_makes_the_total_missing_not_smaller() -> None:
    assert made({"sex=F": 3}, [], measure())[""][:3] == (None, 3, None)
    assert made({"sex=F": 3, "sex=M": None}, [], measure())[""][:3] == (None, 3, None)
    assert made({"sex=F": 3, "sex=M": None}, [], measure(signed=True))[""][:3] == (None, None, None)
    assert made({"sex=F": 3, "sex=M": "Q"}, [], measure())[""][4] == "Q"


def test_a_category_is_never_added_to_its_own_parts() -> None:
    assert made({"age=Y": 5, "age=O": 7, "age=O1": 3, "age=O2": 4}, [], measure())[""][0] == 12
    assert made({"age=Y": 5, "age=O1": 3, "age=O2": 4}, [], measure())[""][0] == 12  # the parts make the whole
    assert made({"age=Y": 5, "age=O1": 3}, [], measure())[""][:3] == (None, 8, None)


def test_what_is_given_stands() -> None:
    assert made({"": 9, "sex=F": 3, "sex=M": 4}, [], measure())[""][0] == 9


def test_overlapping_categories_are_refused_with_a_finding() -> None:
    rule = measure(dimension_rules={"sex": "none"})
    rows = frame({"sex=F": 3, "sex=M": 4})
    found = aggregate(rows, rule, [], LISTS)
    assert found.is_empty()
    refused, (finding,) = refusals(rows, found, rule, [])
    assert refused.select("dimensions", "obs_value", "obs_status", "basis").row(0) == ("", None, "M", "refused")
    assert finding.rule == "aggregate.refused"
    assert "sex overlap" in finding.en
    assert "where" in finding.en
    assert refusals(rows, aggregate(rows, rule, ["sex"], LISTS), rule, ["sex"])[1] == []


def test_a_mean_is_weighed_by_its_own_categories_or_refused() -> None:
    people = frame({"sex=F": 1, "sex=M": 3}, "people")
    figures: dict[str, int | str | None] = {"sex=F": 10, "sex=M": 2}
    assert made(figures, [], measure("mean"), weights=people) == {"": (4, 2, 10, "estimated", "E")}
    assert made(figures, [], measure("mean"), weights=people[:1])[""][0] is None
    rows = frame(figures)
    alone = aggregate(rows, measure("mean"), [], LISTS)
    assert alone.is_empty()  # the sum of two means is none
    assert "people" in refusals(rows, alone, measure("mean"), [])[1][0].en
    stated = measure("mean", dimension_rules={"sex": "sum"})  # such as value added per head by branch
    assert made(figures, [], stated)[""][0] == 12


def test_extremes_and_distinct_counts_and_what_has_no_rule() -> None:
    figures: dict[str, int | str | None] = {"sex=F": 10, "sex=M": 2}
    assert made(figures, [], measure("min"))[""][:3] == (2, 2, 2)
    assert made(figures, [], measure("max"))[""][:3] == (10, 10, 10)
    assert made(figures, [], measure("count_distinct"))[""][:4] == (None, 10, 12, "partial")
    rows = frame(figures)
    none = aggregate(rows, measure("none"), [], LISTS)
    assert none.is_empty()
    assert refusals(rows, none, measure("none"), [])[1]
    assert made({"sex=F": 10, "sex=M": None}, [], measure("max"))[""][:3] == (None, 10, None)


def test_nothing_reported_is_nothing_to_refuse() -> None:
    rows = frame({"sex=F": None})
    rule = measure(dimension_rules={"sex": "none"})
    assert refusals(rows, aggregate(rows, rule, [], LISTS), rule, [])[1] == []


def observed(figures: dict[str, int]) -> pl.DataFrame:
    values = pl.Series([Decimal(value) for value in figures.values()], dtype=NUM)
    return pl.DataFrame({"ref_area": "X", "time_period": "2024", "dimensions": list(figures), "obs_value": values,
                         "obs_status": "A"})  # fmt: skip


def test_weights_by_category_come_before_the_total() -> None:
    figures = observed({"": 0, "sex=F": 0, "age=Y": 0}).select("ref_area", "time_period", "dimensions")
    weights, findings = with_totals(observed({"sex=F": 4, "sex=M": 5}), measure(), LISTS)
    assert findings == []
    assert [value // 10**9 for value in amounts(figures, weights)] == [9, 4, 9]
    overlapping = measure(dimension_rules={"sex": "none"})
    weights, findings = with_totals(observed({"sex=F": 4, "sex=M": 5}), overlapping, LISTS)
    assert [finding.rule for finding in findings] == ["aggregate.refused"]
    assert amounts(figures, weights).to_list() == [None, 4 * 10**9, None]
