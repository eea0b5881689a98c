"""Formulas: what is read, what is refused, exact values."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.findings import DataFault
from indicators.formula import parse_formula, round_down, round_half_up, round_up

REFUSED = [
    # statements, more than one, comments
    "SELECT 1", "a; DROP TABLE lake.runs", "a;", "DROP TABLE runs", "a UNION SELECT 1", "(SELECT 1)",
    "a + (SELECT b FROM t)",
    "EXISTS (SELECT 1)", "a IN (SELECT b)", "a IN (1, 2)", "WITH x AS (SELECT 1) SELECT 1", "VALUES (1)",
    "ATTACH 'x.db'", "COPY t TO 'x'", "CALL f()", "SET x = 1", "PRAGMA x", "INSTALL httpfs", "LOAD httpfs", "FROM t",
    "a -- b", "a /* b */", "a, b", "a b", "a AS b", "*", "t.*", "COLUMNS(*)", "a EXCLUDE b",
    # functions, files, system, time
    "read_csv('/etc/passwd')", "read_text('x')", "getenv('HOME')", "current_date", "now()", "random()", "SUM(a)",
    "COUNT(*)", "COUNT(DISTINCT a)", "MAX(a)", "AVG(a) OVER ()", "row_number() OVER (ORDER BY a)", "SQRT(a)", "EXP(a)",
    "LN(a)", "IF(a > 1, 2, 3)", "IFNULL(a, 0)", "MOD(a, 2)", "system('x')", "eval(a)", "__import__(a)", "lower(a)",
    # names, texts, casts, structures, lambdas
    "schema.a", "lake.main.a", '"a"', "'a'", "$$a$$", "$1", "?", "@a", ":a", "a::INTEGER", "CAST(a AS DOUBLE)",
    "TRY_CAST(a AS INT)", "[a]", "a[1]", "{'x': a}", "x -> x + 1", "list_transform(a, x -> x)", "STRUCT_PACK(x := a)",
    "INTERVAL 1 DAY", "DATE '2024-01-01'", "TRUE", "a IS TRUE", "a IS DISTINCT FROM b", "a LIKE b", "a SIMILAR TO b",
    "a || b", "a & b", "a | b", "~a", "a << 1", "a % b", "a // b", "a ^ 2", "a ** 2", "a!", "#1", "a COLLATE x",
    "a AT TIME ZONE b", "\\a", "`a`", "a\0b",
    # numbers that are none, exponents that are not whole, kinds that do not fit
    "1e", "1e999999999", "9" * 31, "0x1F", "12abc", "POWER(a, b)", "POWER(a, 0.5)", "POWER(a, 99)", "POWER(2, a)",
    "ROUND(a, b)", "ROUND(a, 1.5)", "a + (b > c)", "a AND b", "NOT a", "CASE WHEN a THEN 1 END", "a < b < c",
    "COALESCE(a > b, c)", "a = (b IS NULL)", "CASE WHEN a > b THEN c > d END",
    # unfinished or empty
    "", "   ", "a +", "+", "(a", "a)", "()", "CASE WHEN a > 1 THEN", "CASE END", "ABS()", "ABS(a, b)", "NULLIF(a)",
    "POWER(a)", "COALESCE()", "a > ", "a BETWEEN 1", "a IS", "a IS NOT",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refused_with_a_finding_in_both_languages(text: str) -> None:
    with pytest.raises(DataFault) as caught:
        parse_formula(text)
    (finding,) = caught.value.findings
    assert finding.rule.startswith("formula.")
    assert "công thức" in finding.vi
    assert "formula" in finding.en
    assert finding.column is None or 1 <= finding.column <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 5000, "(" * 300 + "a" + ")" * 300, "- " * 350 + "a", "NOT " * 300 + "a > b", "+".join("a" * 300),
        "POWER(POWER(a, 12), 12)", "*".join("a" * 150), "CASE WHEN a > 1 THEN " * 60 + "1" + " END" * 60 + " + a" * 60,
    ],
)  # fmt: skip
def test_formulas_made_to_exhaust_are_refused_at_once(text: str) -> None:
    with pytest.raises(DataFault) as caught:
        parse_formula(text)
    assert caught.value.findings[0].rule == "formula.too-long"


@pytest.mark.parametrize(
    ("text", "column", "named"),
    [
        ("births / people + SUM(people)", 19, "SUM()"), ("a + 'x'", 5, "'x'"), ("a::INT", 2, "::"),
        ("x.births", 2, "."), ("a ; b", 3, ";"), ("a -- b", 3, "--"), ("a + 1e", 5, "1e"),
    ],
)  # fmt: skip
def test_the_finding_names_what_and_where_and_says_what_is_allowed(text: str, column: int, named: str) -> None:
    with pytest.raises(DataFault) as caught:
        parse_formula(text)
    (finding,) = caught.value.findings
    assert finding.column == column
    assert f"'{named}'" in finding.en
    assert f"«{named}»" in finding.vi
    if finding.rule == "formula.not-allowed":
        assert "COALESCE" in finding.en
        assert "chỉ được dùng" in finding.vi


@pytest.mark.parametrize(
    ("text", "inputs", "expected"),
    [
        ("births / people * 1000", {"births": 200, "people": 16000}, "25/2"),
        ("a / 3 * 3", {"a": 1}, "1"),
        ("a - b - c", {"a": 10, "b": 3, "c": 2}, "5"),
        ("a / b / c", {"a": 24, "b": 3, "c": 2}, "4"),
        ("-a - -b", {"a": 1, "b": 3}, "2"),
        ("(a + b) * c", {"a": 1, "b": 2, "c": 3}, "9"),
        ("a + b * c", {"a": 1, "b": 2, "c": 3}, "7"),
        ("1 / 2", {}, "1/2"),
        ("0.1 + 0.2", {}, "3/10"),
        ("1.5e3 + 1E-2", {}, "150001/100"),
        ("a / b", {"a": 1, "b": 0}, None),
        ("a / b", {"a": 0, "b": 0}, None),
        ("a / (b - c)", {"a": 1, "b": 2, "c": 2}, None),
        ("a + b", {"a": 1, "b": None}, None),
        ("0 * a", {"a": None}, None),
        ("COALESCE(a, b, 0)", {"a": None, "b": None}, "0"),
        ("COALESCE(a / b, -1)", {"a": 1, "b": 0}, "-1"),
        ("NULLIF(a, 5)", {"a": 5}, None),
        ("NULLIF(a, b)", {"a": 5, "b": None}, "5"),
        ("LEAST(a, b, 3)", {"a": 5, "b": 4}, "3"),
        ("GREATEST(a, b)", {"a": -5, "b": -4}, "-4"),
        ("LEAST(a, b)", {"a": 5, "b": None}, None),
        ("ABS(a)", {"a": -5}, "5"),
        ("ROUND(a, 1)", {"a": "0.25"}, "3/10"),
        ("ROUND(a)", {"a": "-2.5"}, "-3"),
        ("ROUND(a, -2)", {"a": 250}, "300"),
        ("POWER(a, 3)", {"a": "-0.5"}, "-1/8"),
        ("POWER(a, -1)", {"a": -4}, "-1/4"),
        ("POWER(a, -1)", {"a": 0}, None),
        ("POWER(a, 0)", {"a": 0}, "1"),
        ("CASE WHEN a > b THEN 1 WHEN a = b THEN 2 ELSE 3 END", {"a": 1, "b": 1}, "2"),
        ("CASE WHEN a > 1 THEN 1 END", {"a": 1}, None),
        ("CASE WHEN a > 1 THEN 1 ELSE 0 END", {"a": None}, "0"),
        ("CASE WHEN a IS NULL THEN -1 ELSE NULL END", {"a": 3}, None),
        ("CASE a WHEN 1 THEN 10 WHEN 2 THEN 20 END", {"a": 2}, "20"),
        ("CASE WHEN a BETWEEN 1 AND 2 THEN 1 ELSE 0 END", {"a": 2}, "1"),
        ("CASE WHEN NOT a NOT BETWEEN 1 AND 2 THEN 1 ELSE 0 END", {"a": 2}, "1"),
        ("CASE WHEN a <> 1 OR b IS NOT NULL THEN 1 ELSE 0 END", {"a": None, "b": 1}, "1"),
        ("a <= b", {"a": 1, "b": 1}, "1"),
        ("a < b", {"a": 1, "b": 1}, "0"),
        ("a < b", {"a": 1, "b": None}, None),
        ("a > 0 AND b > 0", {"a": -1, "b": None}, "0"),
        ("a > 0 OR b > 0", {"a": 1, "b": None}, "1"),
        ("NOT (a > 0 AND b > 0)", {"a": 1, "b": None}, None),
        ("dân_số + Births", {"dân_số": 1, "Births": 2}, "3"),
    ],
)
def test_values(text: str, inputs: dict[str, int | str | None], expected: str | None) -> None:
    formula = parse_formula(text)
    assert formula.names == frozenset(inputs)
    given = {name: None if value is None else Fraction(value) for name, value in inputs.items()}
    assert formula.value(given) == (None if expected is None else Fraction(expected))


def test_what_a_formula_tells_of_itself() -> None:
    formula = parse_formula("a / b")
    assert (formula.text, formula.kind, set(formula.names)) == ("a / b", "number", {"a", "b"})
    assert parse_formula("a >= b AND NOT a IS NULL").kind == "condition"
    assert parse_formula("a / b") is formula


@pytest.mark.parametrize(
    ("text", "adds_up"),
    [
        ("a", True),
        ("a + b", True),
        ("(a + b * 2) / 1000", True),
        ("a + b - b / 2", True),
        ("a / -2 * -1", True),
        ("-a", False),
        ("a - b", False),
        ("100 - a", False),
        ("a + 1", False),
        ("a * b", False),
        ("a * a", False),
        ("a / b", False),
        ("a / b * b", False),
        ("a / 0", False),
        ("a - a", False),
        ("5", False),
        ("COALESCE(a, 0) + b", False),
        ("GREATEST(a, b)", False),
        ("ROUND(a, 0)", False),
        ("CASE WHEN a > 1 THEN a END", False),
    ],
)
def test_only_a_plain_sum_adds_up(text: str, adds_up: bool) -> None:
    assert parse_formula(text).adds_up is adds_up


def test_names_in_another_unicode_form_are_refused() -> None:
    with pytest.raises(DataFault):
        parse_formula("dân_số + da\u0302n")


@pytest.mark.parametrize(
    ("value", "decimals", "half_up", "down", "up"),
    [
        ("2.5", 0, "3", "2", "3"), ("-2.5", 0, "-3", "-3", "-2"), ("0.125", 2, "0.13", "0.12", "0.13"),
        ("-0.125", 2, "-0.13", "-0.13", "-0.12"), ("0.124999", 2, "0.12", "0.12", "0.13"),
        ("7", 2, "7.00", "7.00", "7.00"),
        ("-0.4", 0, "0", "-1", "0"), ("1/3", 9, "0.333333333", "0.333333333", "0.333333334"),
        ("0", 1, "0.0", "0.0", "0.0"),
        ("123456789012345678901234567890.5", 0, "123456789012345678901234567891",
         "123456789012345678901234567890", "123456789012345678901234567891"),
    ],
)  # fmt: skip
def test_rounding(value: str, decimals: int, half_up: str, down: str, up: str) -> None:
    exact = Fraction(value)
    found = [str(rounds(exact, decimals)) for rounds in (round_half_up, round_down, round_up)]
    assert found == [half_up, down, up]
    assert isinstance(round_half_up(exact, decimals), Decimal)
