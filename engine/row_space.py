"""Whether what is known of some sums determines another: the linear algebra of disclosure by differencing.

A sum is a set of cells. Somebody who knows some sums can work out another if it is a combination of them, and, where
nothing is negative, also which cells are left with nothing (`engine.implied_zeros`). That is all that can be worked
out of sums of numbers that are not negative: only such a combination is the same in every solution.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from engine.implied_zeros import implied_zeros

Cells = frozenset[Hashable]
Vector = dict[Hashable, Fraction]


def determined(target: Cells, known: Iterable[Cells]) -> bool:
    """Whether a sum is a linear combination of known ones.

    >>> determined(frozenset("a"), [frozenset("ab"), frozenset("b")])
    True
    >>> determined(frozenset("a"), [frozenset("ab"), frozenset("bc")])
    False
    """
    alone, sums = _without_single(set(known))
    basis: dict[Hashable, Vector] = {}
    for cells in sorted(sums, key=lambda one: (len(one), sorted(map(repr, one)))):
        row = _reduced(dict.fromkeys(cells, Fraction(1)), basis)
        if row:
            lead = min(row, key=repr)
            basis[lead] = {cell: value / row[lead] for cell, value in row.items()}
    return not _reduced(dict.fromkeys(target - alone, Fraction(1)), basis)


def _without_single(known: set[Cells]) -> tuple[Cells, set[Cells]]:
    """The cells that are known by themselves, and the other sums without them."""
    alone: Cells = frozenset()
    while True:
        found = frozenset().union(*(cells for cells in known if len(cells) == 1))
        if not found:
            return alone, known - {frozenset()}
        alone |= found
        known = {cells - found for cells in known}


def _reduced(row: Vector, basis: Mapping[Hashable, Vector]) -> Vector:
    while (lead := next((cell for cell in row if cell in basis), None)) is not None:
        factor = row[lead]
        for cell, value in basis[lead].items():
            left = row.get(cell, Fraction(0)) - factor * value
            if left:
                row[cell] = left
            else:
                row.pop(cell, None)
    return row


@lru_cache(maxsize=64)  # all suppressed figures of a table are asked about beside the same known ones
def zeros(known: tuple[tuple[Cells, int | None], ...]) -> Cells:
    """The cells that must be nothing where nothing is negative.

    Where the sums contradict each other, as reported figures may, only what a reader sees at once: the cells of a sum
    of nothing, and of what is left of a sum beside a part of it that has all of it.
    """
    valued = [(cells, value) for cells, value in known if value is not None]
    found = implied_zeros(valued)
    if found is not None:
        return found
    by_value: dict[int, list[Cells]] = {}
    for cells, value in valued:
        by_value.setdefault(value, []).append(cells)
    empty = list(by_value.get(0, ()))
    for equal in by_value.values():
        empty += [cells - part for cells in equal for part in equal if part < cells]
    return frozenset().union(*empty)


def explaining(target: Cells, known: Sequence[tuple[Cells, int | None]], *, signed: bool) -> list[int]:
    """The places of known sums that together determine a target and would not without any one of them.

    Args:
        target: The sum that is to stay unknown.
        known: Sums and their values (None: known to others, not to us), those that one would rather keep first.
        signed: Whether values may be negative; if not, what must be nothing counts as known.

    Returns:
        Empty if the target is not determined. Those that one would rather keep are left out where others suffice:
        halves first, single ones last, and what cannot be left out of more cannot be left out of less.
    """

    def spans(places: Sequence[int]) -> bool:
        return determined(target, [known[place][0] for place in places])

    def spans_with_zeros(places: Sequence[int]) -> bool:
        nothing = zeros(tuple(known[place] for place in places))
        return determined(target, [*(known[place][0] for place in places), *(frozenset([cell]) for cell in nothing)])

    return _fewest(len(known), spans) or ([] if signed else _fewest(len(known), spans_with_zeros))


def _fewest(count: int, suffices: Callable[[Sequence[int]], bool]) -> list[int]:
    kept = list(range(count))
    if not suffices(kept):
        return []
    size = count
    while size := size // 2:
        for start in range(0, count, size):
            block = set(range(start, start + size))
            fewer = [place for place in kept if place not in block]
            if len(fewer) < len(kept) and suffices(fewer):
                kept = fewer
    return kept
