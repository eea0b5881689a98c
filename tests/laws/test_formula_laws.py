"""Laws of formulas: DuckDB agrees with the values, and the bounds contain every value that is possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.formula_rows import UNIT, RowFormula
from indicators.formula import Formula, Interval, parse_formula, round_half_up

NAMES = "abcd"
NUMBERS = ("0e0", "1e0", "2e0", "5e-1", "1e2", "1e3")  # with an exponent DuckDB, too, takes them for doubles
Inputs = Mapping[str, Fraction | None]
Box = Mapping[str, Interval]


def leaves() -> st.SearchStrategy[str]:
    return st.sampled_from(NAMES) | st.sampled_from(NUMBERS)


def combined(inner: st.SearchStrategy[str], exact: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Any number; what is compared, rounded or divided by comes from `exact`."""
    pair = st.tuples(inner, inner)
    conditions = st.tuples(exact, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), exact).map(" ".join)
    either = st.tuples(conditions, st.sampled_from(["AND", "OR"]), conditions).map(lambda each: f"({' '.join(each)})")
    missing = exact.map(lambda each: f"({each}) IS NULL")
    holds = conditions | either | missing | conditions.map(lambda each: f"NOT ({each})")
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda each: f"({' '.join(each)})"),
        st.tuples(inner, exact).map(lambda each: f"({each[0]} / NULLIF({each[1]}, 0))"),
        inner.map(lambda each: f"(-{each})"),
        inner.map(lambda each: f"ABS({each})"),
        exact.map(lambda each: f"ROUND({each}, 1)"),
        exact.map(lambda each: f"POWER({each}, 2)"),
        pair.map(lambda each: f"COALESCE({each[0]}, {each[1]})"),
        st.tuples(exact, exact).map(lambda each: f"NULLIF({each[0]}, {each[1]})"),
        st.tuples(holds, inner, inner).map(lambda each: f"(CASE WHEN {each[0]} THEN {each[1]} ELSE {each[2]} END)"),
    )


EXACT = st.recursive(
    leaves(),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda each: f"({' '.join(each)})"),
    max_leaves=4,
)
TEXTS = st.recursive(leaves(), lambda inner: combined(inner, EXACT), max_leaves=8)
RATIONAL = st.recursive(
    leaves(),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda each: f"({' '.join(each)})"),
    max_leaves=7,
)
SMALL = st.integers(-40, 40).map(lambda quarters: Fraction(quarters, 4))


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, rows=st.lists(st.tuples(*[st.none() | SMALL] * 4), min_size=1, max_size=5))
def test_duckdb_gives_the_same_values(
    connection: duckdb.DuckDBPyConnection, text: str, rows: list[tuple[Fraction | None, ...]]
) -> None:
    """Numbers with two binary places are exact as doubles, so every comparison and every zero is the same in both."""
    formula = parse_formula(text)
    marks = ", ".join("(?::DOUBLE, ?::DOUBLE, ?::DOUBLE, ?::DOUBLE)" for _ in rows)
    values = [None if value is None else float(value) for row in rows for value in row]
    found = connection.execute(f"SELECT ({text})::DOUBLE FROM (VALUES {marks}) AS t(a, b, c, d)", values).fetchall()
    for row, (theirs,) in zip(rows, found, strict=True):
        ours = formula.value(dict(zip(NAMES, row, strict=True)))
        if ours is None or theirs is None:
            assert ours is None
            assert theirs is None
        else:
            assert float(ours) == pytest.approx(theirs, rel=1e-9, abs=1e-6)


def ends() -> st.SearchStrategy[Interval]:
    bounded = st.tuples(SMALL, SMALL).map(lambda two: Interval(min(two), max(two)))
    point = SMALL.map(lambda value: Interval(value, value))
    counts = st.tuples(SMALL, SMALL).map(lambda two: Interval(abs(two[0]), abs(two[0]) + abs(two[1])))
    half = st.one_of(
        SMALL.map(lambda value: Interval(value, None)),
        SMALL.map(lambda value: Interval(None, value)),
        st.just(Interval(Fraction(0), None)),
        st.just(Interval(None, None)),
    )
    return st.one_of(counts, bounded, point, half)


BOXES = st.fixed_dictionaries({name: ends() for name in NAMES})


def points(interval: Interval, inner: Sequence[Fraction]) -> list[Fraction]:
    """Its ends and some values inside; for an open end, values far out."""
    low = interval.lower if interval.lower is not None else (interval.upper or Fraction(0)) - 10**6
    high = interval.upper if interval.upper is not None else max(low, Fraction(0)) + 10**6
    return sorted(
        {
            low,
            high,
            *(low + (high - low) * share for share in inner),
            *([Fraction(0)] if interval.contains(Fraction(0)) else []),
        }
    )


SHARES = st.lists(st.fractions(0, 1, max_denominator=50), min_size=1, max_size=1)


def check_contained(formula: Formula, box: Box, inner: Sequence[Fraction]) -> None:
    names = sorted(formula.names)
    bounds = formula.bounds(box)
    for values in product(*(points(box[name], inner) for name in names)):
        value = formula.value(dict(zip(names, values, strict=True)))
        assert value is None or bounds.contains(value), (formula.text, values, value, bounds)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=RATIONAL, box=BOXES, inner=SHARES)
def test_bounds_contain_every_vertex_and_inner_point_of_arithmetic(text: str, box: Box, inner: list[Fraction]) -> None:
    check_contained(parse_formula(text), box, inner)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, box=BOXES, inner=SHARES)
def test_bounds_contain_every_vertex_and_inner_point_of_any_formula(text: str, box: Box, inner: list[Fraction]) -> None:
    check_contained(parse_formula(text), box, inner)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, box=BOXES, inner=SHARES, missing=st.sets(st.sampled_from(NAMES)))
def test_bounds_contain_what_coalesce_and_case_make_of_a_gap_and_the_truth_too(
    text: str, box: Box, inner: list[Fraction], missing: set[str]
) -> None:
    formula = parse_formula(text)
    names = sorted(formula.names)
    bounds = formula.bounding.bounds(box, missing)
    choices: list[list[Fraction | None]] = [
        [*points(box[name], inner), *([None] if name in missing else [])] for name in names
    ]
    for values in product(*choices):
        value = formula.value(dict(zip(names, values, strict=True)))
        assert value is None or bounds.contains(value), (values, value, bounds)


SPANS = st.tuples(st.integers(-6, 6), st.integers(0, 6)).map(
    lambda two: Interval(Fraction(two[0], 2), Fraction(two[0] + two[1], 2))
)


@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize(
    "text",
    [
        "a * b", "a * b - c", "a * b / c", "a * (b - c)", "(a - b) * (a + c)", "(a + 1) * (b - 2) / (c * c + 1)",
        "a * a - 2 * a", "(a - 1) * (a - 2)", "a / (a * a + 1)", "1 / (a * a - a + 1)", "POWER(a - b, 2)",
        "a * (b - a)",
        "a / (b - c)", "(a - b) / (c + 3)", "POWER(a, 3) - a", "POWER(a, -1) + b", "a / b / c", "a * b / b", "-a * a",
        "CASE WHEN a < b THEN 1 ELSE 0 END", "CASE WHEN a <= b THEN 1 ELSE 0 END", "CASE WHEN a = b THEN 1 ELSE 0 END",
        "CASE WHEN a <> b THEN 1 ELSE 0 END", "CASE WHEN a > b THEN 1 ELSE 0 END", "CASE WHEN a >= b THEN 1 ELSE 0 END",
        "CASE WHEN a < b AND b < c THEN a ELSE c END", "CASE WHEN a < b OR NOT b < c THEN a ELSE c END",
        "COALESCE(a / b, 5)", "COALESCE(POWER(a, -1), 5)", "CASE WHEN a / b > -9 THEN 1 ELSE 0 END", "ABS(a) - a",
        "LEAST(a, b) * GREATEST(b, c)", "ROUND(a * b, 0) - a", "NULLIF(a, 1) * b",
    ],
)  # fmt: skip
@given(box=st.fixed_dictionaries(dict.fromkeys("abc", SPANS)))
def test_bounds_of_treacherous_shapes_contain_a_fine_grid(text: str, box: Box) -> None:
    """Values of both signs, zeros, extremes inside: a grid of halves, in which most extremes lie."""
    formula = parse_formula(text)
    names = sorted(formula.names)
    bounds = formula.bounds(box)
    for values in product(*(grid(box[name]) for name in names)):
        value = formula.value(dict(zip(names, values, strict=True)))
        assert value is None or bounds.contains(value), (values, value, bounds)


def grid(interval: Interval) -> list[Fraction]:
    assert interval.lower is not None
    assert interval.upper is not None
    count = int((interval.upper - interval.lower) * 2)
    return [interval.lower + Fraction(step, 2) for step in range(count + 1)]


COUNTS = st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)).map(
    lambda two: Interval(Fraction(two[0]), Fraction(two[0] + two[1]))
)


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize(
    "text",
    [
        "a / b", "a / (a + b)", "a / b * 100 - 100", "(a - b) / b * 100", "a / (a + b + c) * 100", "a + b - c",
        "(a - b) / (a + b)", "a * b / 1000", "(a + b) / (a + c)", "a / b + c / b", "a / b - c / b", "a * b - a * c",
        "1 - a / (a + b)", "a * b / (a * b + c)", "(a + b) / c * 1000", "POWER(a / b, 2)", "a / b / c",
    ],
)  # fmt: skip
@given(box=st.fixed_dictionaries(dict.fromkeys("abc", COUNTS)))
def test_bounds_of_common_shapes_are_tight(text: str, box: Box) -> None:
    """The bounds are the extremes over the corners: nothing narrower could be certain."""
    formula = parse_formula(text)
    names = sorted(formula.names)
    corners = product(*((box[name].lower, box[name].upper) for name in names))
    values = [formula.value(dict(zip(names, corner, strict=True))) for corner in corners]
    known = [value for value in values if value is not None]
    assert formula.bounds(box) == Interval(min(known), max(known))


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("a / (a + b) * 100", 0, 100),
        ("a / b", 0, None),
        ("a / b * 100 - 100", -100, None),
        ("a + b", 0, None),
        ("a - b", None, None),
        ("a / a", 1, 1),
        ("a * b / b", 0, None),
        ("LEAST(a, 5)", 0, 5),
    ],
)
def test_bounds_of_counts_of_which_nothing_is_known(text: str, lower: int | None, upper: int | None) -> None:
    unknown = Interval(Fraction(0), None)
    found = parse_formula(text).bounds({"a": unknown, "b": unknown})
    assert (found.lower, found.upper) == (lower, upper)


@pytest.mark.parametrize("low", [-3, 0])
def test_a_denominator_that_may_be_zero_leaves_the_ratio_open(low: int) -> None:
    box = {"a": Interval(Fraction(1), Fraction(2)), "b": Interval(Fraction(low), Fraction(4))}
    bounds = parse_formula("a / b").bounds(box)
    assert bounds.upper is None
    assert bounds.lower == (None if low else Fraction(1, 4))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=RATIONAL | TEXTS,
    rows=st.lists(
        st.tuples(*[st.tuples(st.booleans(), st.integers(-15, 50), st.integers(0, 50))] * 4), min_size=1, max_size=4
    ),
    decimals=st.integers(0, 3),
)
def test_the_fast_way_for_many_rows_gives_the_same(
    text: str, rows: list[tuple[tuple[bool, int, int], ...]], decimals: int
) -> None:
    formula = parse_formula(text)
    fast = RowFormula(formula, decimals)
    for row in rows:
        given = dict(zip(NAMES, row, strict=True))
        values = tuple(None if given[n][0] else given[n][1] * UNIT for n in formula.order)
        lows = tuple(given[n][1] * UNIT for n in formula.order)
        highs = tuple((given[n][1] + given[n][2] * given[n][0]) * UNIT for n in formula.order)
        exact = values == lows
        result = fast.exact(lows) if exact else fast.uncertain(values, lows, highs)
        wanted = formula.value({n: None if given[n][0] else Fraction(given[n][1]) for n in formula.order})
        assert result.value == (None if wanted is None else int(round_half_up(wanted, decimals).scaleb(decimals)))
        box = {
            n: Interval(Fraction(low, UNIT), Fraction(high, UNIT))
            for n, low, high in zip(formula.order, lows, highs, strict=True)
        }
        for corner in product(*((each.lower, each.upper) for each in box.values())):
            truth = formula.value(dict(zip(formula.order, corner, strict=True)))
            if truth is not None and (wanted is not None or not exact):
                scaled = truth * 10**decimals
                assert result.lower is None or result.lower <= scaled + (Fraction(1, 2) if exact else 0)
                assert result.upper is None or result.upper >= scaled - (Fraction(1, 2) if exact else 0)
