"""Everything that may be true: all ways to fill cells with people that agree with sums that were told.

Only sums that share no cell are taken, so that each is filled by itself; the ways are tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import comb

Told = Mapping[frozenset[int], int]


def possible(wanted: frozenset[int], told: Told) -> set[int] | None:
    """Every number of people that some cells may hold; None where it may be any number.

    Args:
        wanted: The cells.
        told: Cells to the people in them together; no two share a cell.
    """
    if wanted - frozenset().union(*told):
        return None
    found = {0}
    for cells, people in told.items():
        inside = [cell in wanted for cell in sorted(cells)]
        ways = {sum(n for n, there in zip(way, inside, strict=True) if there) for way in _ways(people, inside)}
        found = {one + way for one in found for way in ways}
    return found


def effort(told: Told) -> int:
    """How many ways there are to fill the sum that has the most."""
    return max((comb(people + len(cells) - 1, people) for cells, people in told.items()), default=0)


def _ways(people: int, cells: Sequence[object]) -> Iterator[tuple[int, ...]]:
    if not cells:
        if people == 0:
            yield ()
        return
    if len(cells) == 1:
        yield (people,)
        return
    for here in range(people + 1):
        for rest in _ways(people - here, cells[1:]):
            yield (here, *rest)
