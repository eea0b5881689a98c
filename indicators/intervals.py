"""Interval arithmetic over exact fractions, always outward: the result contains every value that is possible.

A bound of None is unknown. A division by zero has no value, so it does not widen the result: only the values that exist
count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

ZERO = Fraction(0)


@dataclass(frozen=True)
class Interval:
    """All values from `lower` to `upper`; None is unbounded, or not known."""

    lower: Fraction | None
    upper: Fraction | None

    @property
    def is_exact(self) -> bool:
        """Whether it is a single known value."""
        return self.lower is not None and self.lower == self.upper

    def contains(self, value: Fraction) -> bool:
        """Whether a value lies in it."""
        return (self.lower is None or self.lower <= value) and (self.upper is None or value <= self.upper)

    def intersect(self, other: Interval) -> Interval:
        """What two certain intervals say together."""
        return Interval(_outer(max, self.lower, other.lower), _outer(min, self.upper, other.upper))

    def __neg__(self) -> Interval:
        return Interval(None if self.upper is None else -self.upper, None if self.lower is None else -self.lower)

    def __add__(self, other: Interval) -> Interval:
        return Interval(_sum(self.lower, other.lower), _sum(self.upper, other.upper))

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        ends = [
            _product(a, a_sign, b, b_sign)
            for a, a_sign in ((self.lower, -1), (self.upper, 1))
            for b, b_sign in ((other.lower, -1), (other.upper, 1))
        ]
        finite = [value for value, _ in ends if value is not None]
        unbounded = {sign for value, sign in ends if value is None}
        return Interval(
            None if -1 in unbounded else min(finite), None if 1 in unbounded else max(finite)
        )  # fmt: skip

    def __truediv__(self, other: Interval) -> Interval:
        return self * other.reciprocal()

    def reciprocal(self) -> Interval:
        """1 divided by it, wherever that exists."""
        lower, upper = self.lower, self.upper
        if lower is not None and lower >= 0:
            return Interval(ZERO if upper is None else (1 / upper if upper else None), 1 / lower if lower else None)
        if upper is not None and upper <= 0:
            return -(-self).reciprocal()
        return EVERYTHING

    def power(self, exponent: int) -> Interval:
        """A whole power; an even one is never negative."""
        if exponent < 0:
            return self.power(-exponent).reciprocal()
        if exponent == 0:
            return exactly(Fraction(1))
        ends = Interval(
            None if self.lower is None else self.lower**exponent,
            None if self.upper is None else self.upper**exponent,
        )
        return ends if exponent % 2 else self._even_power(exponent)

    def _even_power(self, exponent: int) -> Interval:
        size = self.magnitude()
        return Interval(
            ZERO if size.lower is None else size.lower**exponent,
            None if size.upper is None else size.upper**exponent,
        )

    def magnitude(self) -> Interval:
        """The absolute value."""
        if self.lower is not None and self.lower >= 0:
            return self
        if self.upper is not None and self.upper <= 0:
            return -self
        top = None if self.lower is None or self.upper is None else max(-self.lower, self.upper)
        return Interval(ZERO, top)


EVERYTHING = Interval(None, None)


def exactly(value: Fraction) -> Interval:
    """The interval of one known value."""
    return Interval(value, value)


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval that contains them all; at least one is given."""
    known = list(intervals)
    lowers, uppers = [each.lower for each in known], [each.upper for each in known]
    return Interval(_all_or_none(min, lowers), _all_or_none(max, uppers))


def least(intervals: Iterable[Interval]) -> Interval:
    """The smallest of several values."""
    known = list(intervals)
    return Interval(
        _all_or_none(min, [each.lower for each in known]),
        min((each.upper for each in known if each.upper is not None), default=None),
    )


def greatest(intervals: Iterable[Interval]) -> Interval:
    """The largest of several values."""
    return -least(-each for each in intervals)


def _all_or_none(choose: Callable[[list[Fraction]], Fraction], ends: list[Fraction | None]) -> Fraction | None:
    known = [end for end in ends if end is not None]
    return choose(known) if len(known) == len(ends) else None


def _outer(
    choose: Callable[[Fraction, Fraction], Fraction], one: Fraction | None, other: Fraction | None
) -> Fraction | None:
    if one is None or other is None:
        return other if one is None else one
    return choose(one, other)


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _product(
    one: Fraction | None, one_sign: int, other: Fraction | None, other_sign: int
) -> tuple[Fraction | None, int]:
    """An end of a product, and where it is unbounded the direction; zero times unbounded is zero."""
    if one is not None and other is not None:
        return one * other, 0
    if ZERO in (one, other):
        return ZERO, 0
    signs = [_sign(one, one_sign), _sign(other, other_sign)]
    return None, signs[0] * signs[1]


def _sign(end: Fraction | None, unbounded_sign: int) -> int:
    if end is None:
        return unbounded_sign
    return 1 if end > 0 else -1
