"""Somebody who tries every truth: whether published sums leave only one value for a figure that was not published.

Cells are unknown whole numbers, not negative. All ways to fill them that agree with every published sum are tried one
by one; nothing is known of algebra. A cell that no published sum contains may be anything.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

Cells = frozenset[Hashable]
Sums = Sequence[tuple[Cells, int]]


def knows(target: Cells, published: Sums) -> bool:
    """Whether every way to fill the cells gives a target the same value."""
    bounded = frozenset().union(*(cells for cells, _ in published))
    if target - bounded:
        return False
    order = _together(published)
    values = {sum(filled.get(cell, 0) for cell in target) for filled in _first_two(target, order, published)}
    return len(values) == 1


def _first_two(target: Cells, order: Sequence[Hashable], published: Sums) -> Iterator[Mapping[Hashable, int]]:
    """Fillings until two of them differ in the target."""
    seen: set[int] = set()
    for filled in _fillings(order, {}, [(set(cells), value) for cells, value in published]):
        yield dict(filled)
        seen.add(sum(filled[cell] for cell in target))
        if len(seen) > 1:
            return


def _fillings(
    order: Sequence[Hashable], filled: dict[Hashable, int], left: list[tuple[set[Hashable], int]]
) -> Iterator[Mapping[Hashable, int]]:
    if any(value < 0 or (value and not cells) for cells, value in left):
        return
    if not order:
        yield filled
        return
    cell, *others = order
    most = min(value for cells, value in left if cell in cells)
    for guess in range(most + 1):
        filled[cell] = guess
        rest = [(cells - {cell}, value - guess) if cell in cells else (cells, value) for cells, value in left]
        yield from _fillings(others, filled, rest)
    del filled[cell]


def _together(published: Sums) -> list[Hashable]:
    """The cells, those of small sums first, so that a wrong guess is soon found out."""
    order: dict[Hashable, None] = {}
    for cells, _ in sorted(published, key=lambda one: (len(one[0]), one[1], sorted(map(repr, one[0])))):
        order |= dict.fromkeys(sorted(cells, key=repr))
    return list(order)
