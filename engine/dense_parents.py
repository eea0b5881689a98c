"""Narrows what is certain of areas by the exact total of the area above: `engine.parent_totals` in dense blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.dense_layout import Bools, Ints, Layout, first_of_each
from engine.dense_marks import Bytes
from engine.dense_sum import Sums
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
    """Narrow the bounds of figures without a value, in place; where both meet they are the value.

    Args:
        lower: Figures of the areas.
        upper: Figures of the level above, made of the same block; only exact ones are used.
        parents: How they belong together.
        signed: Figures may be negative.
    """
    starts, children, count = first_of_each(parents.parents), parents.children, lower.value.shape[1]
    exact = (upper.has_value & (upper.basis <= _EXACT))[parents.parents]
    cells = np.flatnonzero(~lower.has_value[children] & exact)
    if not len(cells):
        return
    family = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(children))))
    least = np.where(lower.has_lower, lower.lower, 0)[children]
    most = np.where(lower.has_upper, lower.upper, 0)[children]
    open_below = ~lower.has_lower[children] if signed else np.zeros(least.shape, bool)
    open_above = ~lower.has_upper[children]
    place, series = np.divmod(cells, count)
    here, above = family[place] * count + series, parents.parents[place] * count + series
    total = upper.value.reshape(-1)[above]

    def others(amount: Ints, unknown: Bools) -> tuple[Ints, Bools]:
        """What the other areas leave of the total, and whether each of them is known."""
        sums: Ints = np.add.reduceat(amount, starts, axis=0).reshape(-1)
        at = np.flatnonzero(unknown)
        lacking = np.bincount(family[at // count] * count + at % count, minlength=len(sums))
        return total - (sums[here] - amount.reshape(-1)[cells]), lacking[here] == unknown.reshape(-1)[cells]

    beside, has_beside = others(least, open_below)
    within, has_within = others(most, open_above)
    own_least, own_most = least.reshape(-1)[cells], most.reshape(-1)[cells]
    own_below, own_above = ~open_below.reshape(-1)[cells], ~open_above.reshape(-1)[cells]
    upper_now = np.minimum(np.where(own_above, own_most, _MOST), np.where(has_beside, beside, _MOST))
    lower_now = np.maximum(np.where(own_below, own_least, -_MOST), np.where(has_within, within, -_MOST))
    _put(lower, children[place] * count + series, lower_now, upper_now, upper.status.reshape(-1)[above])


def _put(lower: Sums, cells: Ints, lower_now: Ints, upper_now: Ints, status: Bytes) -> None:
    bounded_below, bounded_above = lower_now > -_MOST, upper_now < _MOST
    met = bounded_below & bounded_above & (lower_now == upper_now)
    for name, now, there in (
        ("lower", lower_now, bounded_below),
        ("upper", upper_now, bounded_above),
        ("value", lower_now, met),
    ):
        amounts, has = getattr(lower, name).reshape(-1), getattr(lower, f"has_{name}").reshape(-1)
        amounts[cells] = np.where(there, now, amounts[cells])
        has[cells] |= there
    lower.status.reshape(-1)[cells[met]] = status[met]
    lower.basis.reshape(-1)[cells[met]] = _EXACT
