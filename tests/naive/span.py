"""Plain elimination over fractions: whether a vector is a combination of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

Vector = Mapping[Any, int]


def rank(vectors: Iterable[Vector], axes: Sequence[Any]) -> int:
    """How many of some vectors are independent."""
    rows = [[Fraction(vector.get(axis, 0)) for axis in axes] for vector in vectors]
    found = 0
    for column in range(len(axes)):
        pivot = next((n for n in range(found, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for n in range(found + 1, len(rows)):
            factor = rows[n][column] / rows[found][column]
            if factor:
                rows[n] = [own - factor * other for own, other in zip(rows[n], rows[found], strict=True)]
        found += 1
    return found


def spanned(vector: Vector, others: Sequence[Vector]) -> bool:
    """Whether a vector is a combination of others."""
    axes = sorted({axis for one in (vector, *others) for axis in one}, key=repr)
    return rank([*others, vector], axes) == rank(others, axes)
