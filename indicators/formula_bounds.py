"""Certain bounds of a formula whose inputs are known only within bounds.

Arithmetic is brought into the form of one fraction of polynomials (`indicators.ratios`), where an input that occurs
several times counts once; ABS, ROUND, LEAST, GREATEST, COALESCE and CASE are bounded by their own rules and enter that
fraction as if they were inputs. What is not decided is left open: of a CASE every branch that may be taken counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from indicators.evaluation import pair_of, round_pair
from indicators.expressions import ARITHMETIC, Call, Expression, Name, Number, case_branches
from indicators.intervals import EVERYTHING, Interval, exactly, greatest, hull, least
from indicators.polynomials import constant, variable
from indicators.ratios import ONE, Ratio, difference, power, product, quotient, total


class Bounding:
    """What is known of one formula's shape; made once, used for many boxes of inputs."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self._ratios: dict[Expression, Ratio | None] = {}
        self._opaque: dict[Expression, str] = {}
        self.directions = self._directions()
        self.adds_up = self._adds_up()

    def bounds(self, inputs: Mapping[str, Interval], missing: Collection[str] = ()) -> Interval:
        """An interval that contains every possible value.

        Args:
            inputs: An interval for every input.
            missing: Inputs that have no value, although their truth lies within their interval: where COALESCE, CASE or
                IS NULL make something of that, both what they make and what the truth would give are contained.
        """
        return _Box(self, inputs, frozenset(missing)).bounds(self.expression)

    def _directions(self) -> Mapping[str, int] | None:
        """See `Ratio.directions`; None as well for formulas with other functions than arithmetic."""
        ratio = self.ratio(self.expression)
        return None if ratio is None or self._opaque else ratio.directions()

    def _adds_up(self) -> bool:
        """Whether it adds inputs up, each maybe times a positive number: only plain arithmetic, no other terms."""
        ratio = self.ratio(self.expression)
        if ratio is None or self._opaque or list(ratio.denominator.terms) != [()]:
            return False
        scale, terms = ratio.denominator.terms[()], ratio.numerator.terms
        linear = all([power for _, power in powers] == [1] for powers in terms)
        return bool(terms) and linear and all(number / scale > 0 for number in terms.values())

    def ratio(self, expression: Expression) -> Ratio | None:
        """The expression as one fraction of polynomials, or None where that would be too long."""
        if expression not in self._ratios:
            self._ratios[expression] = self._expanded(expression)
        return self._ratios[expression]

    def opaque(self) -> Mapping[Expression, str]:
        """The parts that are not arithmetic, and the names under which they stand in fractions."""
        return self._opaque

    def _expanded(self, expression: Expression) -> Ratio | None:
        if isinstance(expression, Number):
            return Ratio(constant(expression.value), ONE)
        if isinstance(expression, Name):
            return Ratio(variable(expression.name), ONE)
        if expression.function not in ARITHMETIC:
            name = self._opaque.setdefault(expression, f"#{len(self._opaque)}")
            return Ratio(variable(name), ONE)
        parts = [self.ratio(argument) for argument in expression.arguments]
        known = [part for part in parts if part is not None]
        return _combined(expression, known) if len(known) == len(parts) else None


def _combined(call: Call, parts: list[Ratio]) -> Ratio | None:
    if call.function == "negate":
        return Ratio(-parts[0].numerator, parts[0].denominator)
    if call.function == "power":
        return power(parts[0], whole(call.arguments[1]))
    return {"+": total, "-": difference, "*": product, "/": quotient}[call.function](*parts)


def whole(expression: Expression) -> int:
    """The integer that `power` and `round` have as their second argument."""
    if not isinstance(expression, Number):
        raise TypeError("not a number")
    return int(expression.value)


@dataclass(frozen=True)
class _Box:
    """One evaluation: the inputs' intervals, and which of them have no value."""

    shape: Bounding
    inputs: Mapping[str, Interval]
    missing: frozenset[str]

    def bounds(self, expression: Expression) -> Interval:
        if isinstance(expression, Number):
            return exactly(expression.value)
        if isinstance(expression, Name):
            return self.inputs[expression.name]
        if expression.function in ARITHMETIC:
            return self._arithmetic(expression)
        return self._choice(expression)

    def _arithmetic(self, call: Call) -> Interval:
        plain = self._plain(call)
        ratio = self.shape.ratio(call)
        if ratio is None:
            return plain
        inside = ratio.numerator.variables | ratio.denominator.variables
        box = dict(self.inputs)
        for expression, name in self.shape.opaque().items():
            if name in inside:
                box[name] = self.bounds(expression)
        return ratio.range(box).intersect(plain)

    def _plain(self, expression: Expression) -> Interval:
        """Interval arithmetic step by step."""
        if not isinstance(expression, Call) or expression.function not in ARITHMETIC:
            return self.bounds(expression)
        first = self._plain(expression.arguments[0])
        if expression.function == "negate":
            return -first
        if expression.function == "power":
            return first.power(whole(expression.arguments[1]))
        second = self._plain(expression.arguments[1])
        if expression.function == "+":
            return first + second
        if expression.function == "-":
            return first - second
        return first * second if expression.function == "*" else first / second

    def _choice(self, call: Call) -> Interval:
        if call.function == "case":
            return self._case(call)
        if call.function == "coalesce":
            return self._coalesce(call)
        parts = [self.bounds(argument) for argument in call.arguments]
        if call.function == "abs":
            return parts[0].magnitude()
        if call.function == "round":
            decimals = whole(call.arguments[1])
            return Interval(_rounded(parts[0].lower, decimals), _rounded(parts[0].upper, decimals))
        if call.function == "least":
            return least(parts)
        if call.function == "greatest":
            return greatest(parts)
        return parts[0] if call.function == "nullif" else EVERYTHING

    def _coalesce(self, call: Call) -> Interval:
        taken = []
        for argument in call.arguments:
            if argument != Call("null", ()):
                taken.append(self.bounds(argument))
            if not self.may_be_missing(argument):
                break
        return hull(taken) if taken else EVERYTHING

    def _case(self, call: Call) -> Interval:
        pairs, default = case_branches(call)
        taken: list[Expression] = []
        for condition, value in pairs:
            holds = self.truth(condition)
            if holds is not False:
                taken.append(value)
            if holds is True:
                break
        else:
            taken.append(default)
        known = [self.bounds(value) for value in taken if value != Call("null", ())]
        return hull(known) if known else EVERYTHING

    def truth(self, condition: Expression) -> bool | None:
        """Whether a condition certainly holds (True), certainly does not (False), or may do either (None)."""
        if not isinstance(condition, Call):
            return None
        first = condition.arguments[0]
        if condition.function == "is_null":
            return None if self.may_be_missing(first) else False
        if condition.function == "not":
            inner = self.truth(first)
            return None if inner is None else not inner
        if condition.function in ("and", "or"):
            return _decided(condition.function, [self.truth(part) for part in condition.arguments])
        if any(self.may_be_missing(part) for part in condition.arguments):
            return None
        return _compared(condition.function, self.bounds(Call("-", condition.arguments)))

    def may_be_missing(self, expression: Expression) -> bool:
        """Whether an expression may have no value."""
        if isinstance(expression, Number):
            return False
        if isinstance(expression, Name):
            return expression.name in self.missing
        inner = [self.may_be_missing(argument) for argument in expression.arguments]
        if expression.function == "coalesce":
            return all(inner)
        if expression.function in ("null", "nullif", "case"):
            return True
        return any(inner) or self._may_divide_by_zero(expression)

    def _may_divide_by_zero(self, call: Call) -> bool:
        if call.function == "/":
            return self.bounds(call.arguments[1]).contains(Fraction(0))
        return (
            call.function == "power"
            and whole(call.arguments[1]) < 0
            and self.bounds(call.arguments[0]).contains(Fraction(0))
        )


def _rounded(end: Fraction | None, decimals: int) -> Fraction | None:
    pair = pair_of(end)
    return None if pair is None else Fraction(*round_pair(pair, decimals))


def _decided(function: str, parts: list[bool | None]) -> bool | None:
    decisive = function == "or"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _compared(function: str, difference: Interval) -> bool | None:
    """What a comparison is certain to give, from the bounds of the left side less the right."""
    lower, upper = difference.lower, difference.upper
    above, below = lower is not None and lower > 0, upper is not None and upper < 0
    not_below, not_above = lower is not None and lower >= 0, upper is not None and upper <= 0
    equal = not_below and not_above
    certain = {
        "=": (equal, above or below),
        "<>": (above or below, equal),
        "<": (below, not_below),
        "<=": (not_above, above),
        ">": (above, not_above),
        ">=": (not_below, below),
    }
    yes, no = certain[function]
    return True if yes else False if no else None
