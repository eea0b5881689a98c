"""Dimensions of units: products of base words such as `person`, `vnd` and `km2`."""

from __future__ import annotations

from typing import TypeAlias

Dimension: TypeAlias = tuple[tuple[str, int], ...]
"""Base words with their exponents, sorted, none zero; empty for a pure number."""


def dimension_of(text: str) -> Dimension:
    """Read a product such as `vnd/person`, `person*km2` or `km^2`; everything after a `/` divides, up to the next `*`.

    Raises:
        ValueError: An exponent is not a whole number, or a word is missing.

    >>> dimension_of("vnd/person")
    (('person', -1), ('vnd', 1))
    """
    if not text.strip():
        return ()
    exponents: dict[str, int] = {}
    for part in text.replace("*", " *").replace("/", " /").split(" "):
        sign = -1 if part.startswith("/") else 1
        base, _, exponent = part.strip("*/ ").casefold().partition("^")
        if base and base != "1":
            exponents[base] = exponents.get(base, 0) + sign * int(exponent or 1)
        elif part.strip("*/ ") != "1" and part:
            raise ValueError(f"a word is missing in '{text}'")
    return tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))


def dimension_text(dimension: Dimension) -> str:
    """A dimension as text; a pure number is `1`.

    >>> dimension_text(dimension_of("vnd/person"))
    'vnd/person'
    """
    over = "*".join(_power_text(base, exponent) for base, exponent in dimension if exponent > 0)
    under = "".join("/" + _power_text(base, -exponent) for base, exponent in dimension if exponent < 0)
    return (over or "1") + under


def product(one: Dimension, other: Dimension) -> Dimension:
    """The dimension of a product."""
    exponents = dict(one)
    for base, exponent in other:
        exponents[base] = exponents.get(base, 0) + exponent
    return tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))


def raised(dimension: Dimension, exponent: int) -> Dimension:
    """The dimension of a whole power."""
    return tuple((base, power * exponent) for base, power in dimension if exponent)


def _power_text(base: str, exponent: int) -> str:
    return base if exponent == 1 else f"{base}^{exponent}"
