"""Narrows what is certain of areas by the exact total of the area above: `engine.parent_totals` in dense blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.dense_layout import Bools, Ints, Layout, first_of_each
from engine.dense_sum import Bytes, Sums
from engine.frames import BASES

_EXACT = np.int8(BASES.index("exact"))
_MOST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Parents:
    """Which areas lie in which areas of the level above.

    Attributes:
        children: Columns of the lower level that have a parent, ordered by it.
        parents: The column of each one's parent.
    """

    children: Ints
    parents: Ints


def lay_out_parents(lower: Layout, upper: Layout, parents: Mapping[str, str]) -> Parents:
    """The columns of areas and of their parents.

    Args:
        lower: Of the areas.
        upper: Of the level above.
        parents: Area to its parent.
    """
    above = {code: place for place, code in enumerate(upper.targets[: upper.shown])}
    below = enumerate(lower.targets[: lower.shown])
    pairs = sorted((above[parents[code]], place) for place, code in below if parents.get(code) in above)
    return Parents(np.array([c for _, c in pairs], np.int64), np.array([p for p, _ in pairs], np.int64))


def narrow(lower: Sums, upper: Sums, parents: Parents, signed: bool) -> None:
    """Narrow the bounds of areas without a value, in place; where both meet they are the value.

    Args:
        lower: Figures of the areas.
        upper: Figures of the level above, made of the same block; only exact ones are used.
        parents: How they belong together.
        signed: Figures may be negative.
    """
    blank = np.flatnonzero(~np.logical_and.reduce(lower.has_value.take(parents.children, axis=1), axis=0))
    if not len(blank):
        return
    starts = first_of_each(parents.parents)
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(parents.parents))))
    least = np.where(lower.has_lower, lower.lower, 0).take(parents.children, axis=1)
    most = np.where(lower.has_upper, lower.upper, 0).take(parents.children, axis=1)
    open_below = ~lower.has_lower.take(parents.children, axis=1) if signed else np.zeros(least.shape, bool)
    open_above = ~lower.has_upper.take(parents.children, axis=1)
    at, place = parents.children[blank], parents.parents[blank]
    exact = (upper.has_value & (upper.basis <= _EXACT)).take(place, axis=1)
    free = exact & ~lower.has_value.take(at, axis=1)
    total = upper.value.take(place, axis=1)

    def others(amount: Ints, unknown: Bools) -> tuple[Ints, Bools]:
        """The sum over the other areas of the parent, and whether each of them is known."""
        sums: Ints = np.add.reduceat(amount, starts, axis=1).take(group[blank], axis=1)
        lacking: Ints = np.add.reduceat(unknown, starts, axis=1, dtype=np.int64).take(group[blank], axis=1)
        return total - (sums - amount.take(blank, axis=1)), lacking == unknown.take(blank, axis=1)

    beside, has_beside = others(least, open_below)
    within, has_within = others(most, open_above)
    upper_now = np.minimum(
        np.where(lower.has_upper.take(at, axis=1), lower.upper.take(at, axis=1), _MOST),
        np.where(has_beside, beside, _MOST),
    )
    lower_now = np.maximum(
        np.where(open_below.take(blank, axis=1), -_MOST, least.take(blank, axis=1)),
        np.where(has_within, within, -_MOST),
    )
    _put(lower, at, free, lower_now, upper_now, upper.status.take(place, axis=1))


def _put(lower: Sums, at: Ints, free: Bools, lower_now: Ints, upper_now: Ints, status: Bytes) -> None:
    bounded_below, bounded_above = free & (lower_now > -_MOST), free & (upper_now < _MOST)
    met = bounded_below & bounded_above & (lower_now == upper_now)
    for name, now, there in (
        ("lower", lower_now, bounded_below),
        ("upper", upper_now, bounded_above),
        ("value", lower_now, met),
    ):
        cells, has = getattr(lower, name), getattr(lower, f"has_{name}")
        cells[:, at] = np.where(there, now, cells[:, at])
        has[:, at] |= there
    lower.status[:, at] = np.where(met, status, lower.status[:, at])
    lower.basis[:, at] = np.where(met, _EXACT, lower.basis[:, at])
