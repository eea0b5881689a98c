"""The certain bounds of a fraction of two polynomials in a box.

Along one variable such a fraction rises, falls or, where it is linear above and below, at least takes its extremes at
the ends. So the lowest value is looked for at the ends of one variable after another; the signs of the terms of the
derivative say which end. Where nothing is known of a variable, plain interval arithmetic gives a wider answer, never a
wrong one.

A denominator may touch zero at the edge of the box (shares of counts that can be zero): there the fraction has no
value, and what it tends to is still found, because the points beside the edge are dense.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from indicators.intervals import Interval
from indicators.polynomials import Polynomial, constant

MOST_TERMS = 200
"""Beyond this a fraction is not expanded: plain interval arithmetic has to do."""


ONE = constant(Fraction(1))


@dataclass(frozen=True)
class Ratio:
    """`numerator / denominator`; it has a value only where the denominator is not zero."""

    numerator: Polynomial
    denominator: Polynomial

    def range(self, box: Mapping[str, Interval]) -> Interval:
        """An interval that contains every value in a box."""
        highest = lowest(-self.numerator, self.denominator, box)
        return Interval(
            lowest(self.numerator, self.denominator, box), None if highest is None else -highest
        )  # fmt: skip

    def slope(self, name: str) -> Polynomial:
        """The numerator of the derivative; the derivative has its sign."""
        return _slope(self.numerator, self.denominator, name)

    def directions(self) -> Mapping[str, int] | None:
        """For inputs that are never negative: +1 where it never falls with a variable, -1 where it never rises.

        None unless every variable has a direction and the denominator keeps its sign.
        """
        found: dict[str, int] = {}
        if _sign(self.denominator) == 0:
            return None
        for name in sorted(self.numerator.variables | self.denominator.variables):
            slope = self.slope(name)
            found[name] = 1 if slope.is_zero else _sign(slope)
        return found if 0 not in found.values() else None


def product(one: Ratio, other: Ratio) -> Ratio | None:
    """One fraction times another; None if it would be too long."""
    top, bottom = _times(one.numerator, other.numerator), _times(one.denominator, other.denominator)
    return None if top is None or bottom is None else Ratio(top, bottom)


def quotient(one: Ratio, other: Ratio) -> Ratio | None:
    """One fraction divided by another; None if it would be too long."""
    return product(one, Ratio(other.denominator, other.numerator))


def total(one: Ratio, other: Ratio) -> Ratio | None:
    """One fraction plus another; None if it would be too long."""
    if one.denominator == other.denominator:
        return Ratio(one.numerator + other.numerator, one.denominator)
    left, right = _times(one.numerator, other.denominator), _times(other.numerator, one.denominator)
    bottom = _times(one.denominator, other.denominator)
    return None if left is None or right is None or bottom is None else Ratio(left + right, bottom)


def difference(one: Ratio, other: Ratio) -> Ratio | None:
    """One fraction less another; None if it would be too long."""
    return total(one, Ratio(-other.numerator, other.denominator))


def power(base: Ratio, exponent: int) -> Ratio | None:
    """A whole power of a fraction; None if it would be too long."""
    result: Ratio | None = Ratio(ONE, ONE)
    if exponent < 0:
        base = Ratio(base.denominator, base.numerator)
    for _ in range(abs(exponent)):
        result = None if result is None else product(result, base)
    return result


def _times(one: Polynomial, other: Polynomial) -> Polynomial | None:
    return one * other if len(one.terms) * len(other.terms) <= MOST_TERMS else None


def _sign(polynomial: Polynomial) -> int:
    """The common sign of all terms, or 0 if there is none."""
    signs = {1 if coefficient > 0 else -1 for coefficient in polynomial.terms.values()}
    return signs.pop() if len(signs) == 1 else 0


def _slope(numerator: Polynomial, denominator: Polynomial, name: str) -> Polynomial:
    return numerator.derivative(name) * denominator - numerator * denominator.derivative(name)


def lowest(top: Polynomial, bottom: Polynomial, box: Mapping[str, Interval]) -> Fraction | None:
    """A certain lower bound of `top / bottom` in a box, or None."""
    for name in sorted(top.variables | bottom.variables):
        end = box[name].lower
        if end is not None and box[name].is_exact:
            top, bottom = top.at(name, end), bottom.at(name, end)
    top, bottom = _without_common_powers(top, bottom)
    if bottom.is_zero:
        return None
    size = bottom.range(box)
    if size.upper is not None and size.upper <= 0:
        top, bottom, size = -top, -bottom, -size
    if size.lower is None or size.lower < 0:
        return None
    if size.lower == 0 and not _never_negative(bottom, box):
        return None
    return _lowest_over_positive(top, bottom, box)


def _never_negative(polynomial: Polynomial, box: Mapping[str, Interval]) -> bool:
    """Whether its variables are not negative, so that it is zero at the edge of the box only."""
    ends = [box[name].lower for name in polynomial.variables]
    return all(end is not None and end >= 0 for end in ends)


def _lowest_over_positive(
    top: Polynomial, bottom: Polynomial, box: Mapping[str, Interval]
) -> Fraction | None:  # fmt: skip
    names = sorted(top.variables | bottom.variables)
    if not names:
        return top.terms.get((), Fraction(0)) / bottom.terms[()]
    for name in names:
        slope = _slope(top, bottom, name).range(box)
        if slope.lower is not None and slope.lower >= 0:
            return _lowest_at(top, bottom, box, name, box[name].lower)
        if slope.upper is not None and slope.upper <= 0:
            return _lowest_at(top, bottom, box, name, box[name].upper)
    for name in names:
        if max(top.degree(name), bottom.degree(name)) <= 1:
            ends = (box[name].lower, box[name].upper)
            lows = [_lowest_at(top, bottom, box, name, end) for end in ends]
            known = [low for low in lows if low is not None]
            return min(known) if len(known) == len(lows) else None
    return (top.range(box) / bottom.range(box)).lower


def _lowest_at(
    top: Polynomial, bottom: Polynomial, box: Mapping[str, Interval], name: str, end: Fraction | None
) -> Fraction | None:
    """The bound at one end of a variable; at an unbounded end only the highest powers count."""
    if end is None:
        degree = max(top.degree(name), bottom.degree(name))
        return lowest(top.coefficient(name, degree), bottom.coefficient(name, degree), box)
    return lowest(top.at(name, end), bottom.at(name, end), box)


def _without_common_powers(top: Polynomial, bottom: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Cancel variables that divide every term: `a * b / b` is `a` wherever it has a value."""
    every = [dict(powers) for powers in (*top.terms, *bottom.terms)]
    common = {name: min(powers.get(name, 0) for powers in every) for name in top.variables & bottom.variables}
    if not any(common.values()):
        return top, bottom

    def reduced(polynomial: Polynomial) -> Polynomial:
        return Polynomial(
            {
                tuple((n, e - common.get(n, 0)) for n, e in powers if e - common.get(n, 0)): coefficient
                for powers, coefficient in polynomial.terms.items()
            }
        )

    return reduced(top), reduced(bottom)
