"""Exact evaluation of formulas, by whole numbers.

A value is a pair (numerator, denominator > 0), not reduced; None is missing. Pairs take a fifth of the time that
fractions do, because nothing looks for common divisors on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from indicators.expressions import Call, Expression, Name, Number, case_branches
from indicators.rounding import half_up_units

Pair: TypeAlias = tuple[int, int]
Program: TypeAlias = Callable[[Sequence[Pair | None]], Pair | None]
"""Takes the inputs in a fixed order and gives the result; a condition gives (1, 1), (0, 1) or None for unknown."""

TRUE: Pair = (1, 1)
FALSE: Pair = (0, 1)


def pair_of(value: Fraction | None) -> Pair | None:
    """A value as a pair."""
    return None if value is None else (value.numerator, value.denominator)


def compile_expression(expression: Expression, places: Mapping[str, int]) -> Program:
    """The program of an expression; `places` says which input is where."""
    if isinstance(expression, Number):
        constant = pair_of(expression.value)
        return lambda _: constant
    if isinstance(expression, Name):
        place = places[expression.name]
        return lambda inputs: inputs[place]
    if expression.function == "case":
        return _case(expression, places)
    arguments = [compile_expression(argument, places) for argument in expression.arguments]
    if expression.function in _LAZY:
        return _LAZY[expression.function](arguments)
    if expression.function in ("power", "round"):
        return _with_integer(expression, arguments[0])
    if len(arguments) == 2:
        return _binary(_PAIRWISE[expression.function], *arguments)
    return _strict(_PLAIN[expression.function], arguments)


def _binary(operation: Callable[[Pair, Pair], Pair | None], left: Program, right: Program) -> Program:
    def run(inputs: Sequence[Pair | None]) -> Pair | None:
        one = left(inputs)
        other = right(inputs)
        return None if one is None or other is None else operation(one, other)

    return run


def _strict(operation: Callable[[list[Pair]], Pair | None], arguments: list[Program]) -> Program:
    def run(inputs: Sequence[Pair | None]) -> Pair | None:
        values = [argument(inputs) for argument in arguments]
        known = [value for value in values if value is not None]
        return operation(known) if len(known) == len(values) else None

    return run


def _add(one: Pair, other: Pair) -> Pair:
    if one[1] == other[1]:
        return one[0] + other[0], one[1]
    return one[0] * other[1] + other[0] * one[1], one[1] * other[1]


def _subtract(one: Pair, other: Pair) -> Pair:
    return _add(one, (-other[0], other[1]))


def _multiply(one: Pair, other: Pair) -> Pair:
    return one[0] * other[0], one[1] * other[1]


def _divide(one: Pair, other: Pair) -> Pair | None:
    if other[0] == 0:
        return None
    sign = 1 if other[0] > 0 else -1
    return sign * one[0] * other[1], one[1] * abs(other[0])


def _difference(one: Pair, other: Pair) -> int:
    """A number with the sign of `one - other`."""
    return one[0] * other[1] - other[0] * one[1]


def _comparison(holds: Callable[[int], bool]) -> Callable[[Pair, Pair], Pair]:
    return lambda one, other: TRUE if holds(_difference(one, other)) else FALSE


def _least(values: Sequence[Pair]) -> Pair:
    smallest = values[0]
    for value in values[1:]:
        if _difference(value, smallest) < 0:
            smallest = value
    return smallest


def _greatest(values: Sequence[Pair]) -> Pair:
    numerator, denominator = _least([(-value[0], value[1]) for value in values])
    return -numerator, denominator


def _with_integer(call: Call, value: Program) -> Program:
    count = call.arguments[1]
    if not isinstance(count, Number):
        raise TypeError(f"{call.function} needs a number")
    operation, integer = (_power if call.function == "power" else round_pair), int(count.value)

    def run(inputs: Sequence[Pair | None]) -> Pair | None:
        known = value(inputs)
        return None if known is None else operation(known, integer)

    return run


def _power(value: Pair, exponent: int) -> Pair | None:
    if exponent < 0:
        return _divide(TRUE, (value[0] ** -exponent, value[1] ** -exponent))
    return value[0] ** exponent, value[1] ** exponent


def round_pair(value: Pair, decimals: int) -> Pair:
    """A value rounded half up (away from zero); negative `decimals` round to tens, hundreds and so on."""
    if decimals >= 0:
        return half_up_units(*value, decimals), 10**decimals
    step = 10**-decimals
    return half_up_units(value[0], value[1] * step, 0) * step, 1


def _null(_: list[Program]) -> Program:
    return lambda _inputs: None


def _is_null(arguments: list[Program]) -> Program:
    (argument,) = arguments
    return lambda inputs: TRUE if argument(inputs) is None else FALSE


def _coalesce(arguments: list[Program]) -> Program:
    def run(inputs: Sequence[Pair | None]) -> Pair | None:
        for argument in arguments:
            value = argument(inputs)
            if value is not None:
                return value
        return None

    return run


def _nullif(arguments: list[Program]) -> Program:
    value, other = arguments

    def run(inputs: Sequence[Pair | None]) -> Pair | None:
        known, compared = value(inputs), other(inputs)
        if known is not None and compared is not None and _difference(known, compared) == 0:
            return None
        return known

    return run


def _three_valued(decisive: Pair, otherwise: Pair) -> Callable[[list[Program]], Program]:
    """AND is decided by one false, OR by one true; else one unknown leaves it unknown."""

    def build(arguments: list[Program]) -> Program:
        left, right = arguments

        def run(inputs: Sequence[Pair | None]) -> Pair | None:
            both = (left(inputs), right(inputs))
            if decisive in both:
                return decisive
            return None if None in both else otherwise

        return run

    return build


def _case(call: Call, places: Mapping[str, int]) -> Program:
    pairs, default = case_branches(call)
    branches = [(compile_expression(when, places), compile_expression(then, places)) for when, then in pairs]
    otherwise = compile_expression(default, places)

    def run(inputs: Sequence[Pair | None]) -> Pair | None:
        for when, then in branches:
            if when(inputs) == TRUE:
                return then(inputs)
        return otherwise(inputs)

    return run


_PAIRWISE: dict[str, Callable[[Pair, Pair], Pair | None]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "=": _comparison(lambda sign: sign == 0),
    "<>": _comparison(lambda sign: sign != 0),
    "<": _comparison(lambda sign: sign < 0),
    "<=": _comparison(lambda sign: sign <= 0),
    ">": _comparison(lambda sign: sign > 0),
    ">=": _comparison(lambda sign: sign >= 0),
    "least": lambda one, other: _least((one, other)),
    "greatest": lambda one, other: _greatest((one, other)),
}
_PLAIN: dict[str, Callable[[list[Pair]], Pair | None]] = {
    "negate": lambda values: (-values[0][0], values[0][1]),
    "abs": lambda values: (abs(values[0][0]), values[0][1]),
    "not": lambda values: FALSE if values[0] == TRUE else TRUE,
    "least": _least,
    "greatest": _greatest,
}
_LAZY: dict[str, Callable[[list[Program]], Program]] = {
    "null": _null,
    "is_null": _is_null,
    "coalesce": _coalesce,
    "nullif": _nullif,
    "and": _three_valued(FALSE, TRUE),
    "or": _three_valued(TRUE, FALSE),
}
