"""Polynomials in several variables with exact coefficients, so that equal terms of a formula cancel.

`a / (a + b)` names `a` twice; taken separately, its bounds would be far too wide. As a fraction of two polynomials, the
direction in which it moves with each variable can be read from the signs of the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from indicators.intervals import Interval, exactly

Powers: TypeAlias = tuple[tuple[str, int], ...]
"""The variables of a term with their exponents, sorted by name; empty for the constant."""


@dataclass(frozen=True)
class Polynomial:
    """A sum of terms; no coefficient is zero."""

    terms: Mapping[Powers, Fraction]

    @property
    def is_zero(self) -> bool:
        """Whether it is zero everywhere."""
        return not self.terms

    @cached_property
    def variables(self) -> frozenset[str]:
        """The variables that occur."""
        return frozenset(name for powers in self.terms for name, _ in powers)

    def __add__(self, other: Polynomial) -> Polynomial:
        total = dict(self.terms)
        for powers, coefficient in other.terms.items():
            total[powers] = total.get(powers, Fraction(0)) + coefficient
        return _without_zeros(total)

    def __neg__(self) -> Polynomial:
        return Polynomial({powers: -coefficient for powers, coefficient in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        total: dict[Powers, Fraction] = {}
        for one, one_coefficient in self.terms.items():
            for two, two_coefficient in other.terms.items():
                powers = _joined(one, two)
                total[powers] = total.get(powers, Fraction(0)) + one_coefficient * two_coefficient
        return _without_zeros(total)

    def degree(self, name: str) -> int:
        """The highest exponent of a variable."""
        return max((dict(powers).get(name, 0) for powers in self.terms), default=0)

    def coefficient(self, name: str, exponent: int) -> Polynomial:
        """What stands beside a power of a variable, as a polynomial in the others."""
        return Polynomial(
            {
                tuple(pair for pair in powers if pair[0] != name): coefficient
                for powers, coefficient in self.terms.items()
                if dict(powers).get(name, 0) == exponent
            }
        )

    def derivative(self, name: str) -> Polynomial:
        """How it moves with a variable."""
        total: dict[Powers, Fraction] = {}
        for powers, coefficient in self.terms.items():
            exponent = dict(powers).get(name, 0)
            if exponent:
                left = ((other, e - 1 if other == name else e) for other, e in powers)
                total[tuple((other, e) for other, e in left if e)] = coefficient * exponent
        return Polynomial(total)

    def at(self, name: str, value: Fraction) -> Polynomial:
        """The polynomial in the other variables where one has a value."""
        total: dict[Powers, Fraction] = {}
        for powers, coefficient in self.terms.items():
            left = tuple(pair for pair in powers if pair[0] != name)
            total[left] = total.get(left, Fraction(0)) + coefficient * value ** dict(powers).get(name, 0)
        return _without_zeros(total)

    def range(self, box: Mapping[str, Interval]) -> Interval:
        """An interval that contains all its values in a box, term by term."""
        total = exactly(Fraction(0))
        for powers, coefficient in self.terms.items():
            term = exactly(coefficient)
            for name, exponent in powers:
                term = term * box[name].power(exponent)
            total = total + term
        return total


def constant(value: Fraction) -> Polynomial:
    """A polynomial without variables."""
    return _without_zeros({(): value})


def variable(name: str) -> Polynomial:
    """A variable itself."""
    return Polynomial({((name, 1),): Fraction(1)})


def _without_zeros(terms: Mapping[Powers, Fraction]) -> Polynomial:
    return Polynomial({powers: coefficient for powers, coefficient in terms.items() if coefficient})


def _joined(one: Powers, other: Powers) -> Powers:
    total = dict(one)
    for name, exponent in other:
        total[name] = total.get(name, 0) + exponent
    return tuple(sorted(total.items()))
