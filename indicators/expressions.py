"""The formulas' own expression tree: numbers, names and calls of a few exact functions.

It is all that a formula can be, whatever the text was: `indicators.formula_grammar` builds it from SQL, and evaluation,
bounds and units read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["number", "condition"]

ARITHMETIC = ("+", "-", "*", "/", "negate", "power")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
LOGIC = ("and", "or", "not", "is_null")
CHOICES = ("abs", "round", "least", "greatest", "coalesce", "nullif", "case", "null")
FUNCTIONS = ARITHMETIC + COMPARISONS + LOGIC + CHOICES


@dataclass(frozen=True)
class Number:
    """A number written in the formula."""

    value: Fraction


@dataclass(frozen=True)
class Name:
    """An input of the formula."""

    name: str


@dataclass(frozen=True)
class Call:
    """One of `FUNCTIONS` applied to arguments.

    `case` has condition, value, condition, value, ... and at the end, if there is one, the value of ELSE. The second
    argument of `power` and `round` is always an integer `Number`; `round` always has two. `null` has none.
    """

    function: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = Number | Name | Call


def kind_of(expression: Expression) -> Kind:
    """Whether an expression is a number or a condition (true, false or unknown)."""
    if isinstance(expression, Call) and expression.function in COMPARISONS + LOGIC:
        return "condition"
    return "number"


def names_in(expression: Expression) -> Iterator[str]:
    """Every name, as often as it occurs."""
    if isinstance(expression, Name):
        yield expression.name
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from names_in(argument)


def case_branches(call: Call) -> tuple[list[tuple[Expression, Expression]], Expression]:
    """The (condition, value) pairs of a `case`, and the value where no condition holds."""
    arguments = call.arguments
    pairs = [(arguments[i], arguments[i + 1]) for i in range(0, len(arguments) - 1, 2)]
    return pairs, arguments[-1] if len(arguments) % 2 else Call("null", ())


def factors(expression: Expression) -> int:
    """How many inputs or numbers are multiplied at most: a measure of how long the exact result can become."""
    if not isinstance(expression, Call):
        return 1
    if expression.function == "power":
        exponent = expression.arguments[1]
        times = abs(int(exponent.value)) if isinstance(exponent, Number) else 1
        return factors(expression.arguments[0]) * max(1, times)
    parts = [factors(argument) for argument in expression.arguments]
    # Fractions are not reduced on the way, so a sum's denominator is as long as a product's.
    return sum(parts, 0) if expression.function in ARITHMETIC else max(parts, default=1)
