"""Rounding of exact values to decimals: half up for a published figure, outward for its bounds.

The engine rounds once, at the end. Values stay exact fractions until then, so a half is a half and not its binary
neighbour.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """The nearest decimal; a tie goes away from zero, in both directions.

    >>> round_half_up(Fraction(25, 10), 0), round_half_up(Fraction(-1, 8), 2)
    (Decimal('3'), Decimal('-0.13'))
    """
    return scaled_decimal(half_up_units(value.numerator, value.denominator, decimals), decimals)


def round_down(value: Fraction, decimals: int) -> Decimal:
    """The largest decimal that is not above the value: a lower bound stays certain."""
    return scaled_decimal(floor_units(value.numerator, value.denominator, decimals), decimals)


def round_up(value: Fraction, decimals: int) -> Decimal:
    """The smallest decimal that is not below the value: an upper bound stays certain."""
    return scaled_decimal(-floor_units(-value.numerator, value.denominator, decimals), decimals)


def half_up_units(numerator: int, denominator: int, decimals: int) -> int:
    """`numerator / denominator` in units of the last decimal, ties away from zero; `denominator` is positive."""
    scaled: int = abs(numerator) * 10**decimals
    units: int = (2 * scaled + denominator) // (2 * denominator)
    return units if numerator >= 0 else -units


def floor_units(numerator: int, denominator: int, decimals: int) -> int:
    """`numerator / denominator` in units of the last decimal, downwards; `denominator` is positive."""
    units: int = numerator * 10**decimals // denominator
    return units


def scaled_decimal(units: int, decimals: int) -> Decimal:
    """`units` of the last of so many decimals, as a decimal of any length.

    >>> scaled_decimal(1250, 2)
    Decimal('12.50')
    """
    with localcontext() as context:
        context.prec = max(28, len(str(abs(units))) + 1)
        return Decimal(units).scaleb(-decimals)
