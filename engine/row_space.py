"""Whether what is known of some sums determines another: the linear algebra of disclosure by differencing.

A sum is a set of cells. Somebody who knows some sums can work out another if it is a combination of them, and, where
nothing is negative, also which cells are left with nothing (`engine.implied_zeros`). That is all that can be worked
out of sums of numbers that are not negative: only such a combination is the same in every solution.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction

from engine.implied_zeros import implied_zeros

Cells = frozenset[Hashable]
Known = Sequence[tuple[Cells, int | None]]
"""Sums and their values (None: known to others, not to us)."""
Row = dict[int, int | Fraction]


class RowSpace:
    """The combinations of some sums.

    Args:
        sums: In the order in which they are to explain others: one that earlier ones explain is never used.
    """

    def __init__(self, sums: Iterable[Cells]) -> None:
        self._places: dict[Hashable, int] = {}
        self._basis: dict[int, Row] = {}
        for number, cells in enumerate(sums):
            row = self._reduced(self._row(cells, grow=True))
            lead = min((place for place in row if place >= 0), default=None)
            if lead is None:
                continue
            row[-1 - number] = row.get(-1 - number, 0) + 1
            self._basis[lead] = {place: _quotient(value, row[lead]) for place, value in row.items()}

    def explained(self, target: Cells) -> list[int] | None:
        """The places of the sums of which a target is a combination, none of them needless; None if it is none.

        >>> RowSpace([frozenset("b"), frozenset("ab"), frozenset("c")]).explained(frozenset("a"))
        [0, 1]
        >>> RowSpace([frozenset("ab"), frozenset("bc")]).explained(frozenset("a")) is None
        True
        """
        if not self._places.keys() >= target:
            return None
        row = self._reduced(self._row(target))
        return None if any(place >= 0 for place in row) else sorted(-1 - place for place in row)

    def _row(self, cells: Cells, *, grow: bool = False) -> Row:
        """A sum as a row: places of cells from 0 up; below 0 stands what was taken away of which sum."""
        if grow:
            for cell in sorted(cells - self._places.keys(), key=repr):
                self._places[cell] = len(self._places)
        return {self._places[cell]: 1 for cell in cells}

    def _reduced(self, row: Row) -> Row:
        waiting = [place for place in row if place in self._basis]
        while waiting:
            lead = waiting.pop()
            factor = row.get(lead, 0)
            if not factor:
                continue
            for place, value in self._basis[lead].items():
                left = row.get(place, 0) - factor * value
                if left:
                    row[place] = left
                    if place in self._basis:
                        waiting.append(place)
                else:
                    row.pop(place, None)
        return row


def zeros(known: Known) -> Cells:
    """The cells that must be nothing where nothing is negative.

    Where the sums contradict each other, as reported figures may, only those that a reader sees at once (`plainly`).
    """
    found = implied_zeros([(cells, value) for cells, value in known if value is not None])
    return frozenset().union(*plainly(known)) if found is None else found


def plainly(known: Known) -> dict[Cells, list[int]]:
    """What is plainly nothing, and why: a sum of nothing; what is left of a sum beside a part that has all of it."""
    found: dict[Cells, list[int]] = {}
    by_value: dict[int, list[int]] = {}
    for place, (cells, value) in enumerate(known):
        if value == 0:
            found.setdefault(cells, [place])
        elif value is not None:
            by_value.setdefault(value, []).append(place)
    for places in by_value.values():
        for whole, part in itertools.permutations(places, 2):
            if known[part][0] < known[whole][0]:
                found.setdefault(known[whole][0] - known[part][0], sorted([whole, part]))
    return found


def telling(targets: Sequence[Cells], known: Known, *, signed: bool) -> list[list[int]]:
    """Of each target that known sums determine, the places of those that do, and would not without any one of them.

    Args:
        targets: The sums that are to stay unknown.
        known: A target is explained by earlier ones where they suffice.
        signed: Whether values may be negative; if not, what must be nothing counts as known.
    """
    sums = [cells for cells, _ in known]
    space = RowSpace(sums)
    explained = [places for target in targets if (places := space.explained(target))]
    if explained or signed or not targets:
        return explained
    nothing = sorted(zeros(known), key=repr)
    if not nothing:
        return []
    wider = RowSpace([*sums, *(frozenset([cell]) for cell in nothing)])
    reasons: dict[Hashable, list[int]] = {}
    told = []
    for target in targets:
        places = wider.explained(target)
        if not places:
            continue
        used = [place for place in places if place < len(known)]
        empty = [nothing[place - len(known)] for place in places if place >= len(known)]
        told.append(used or reasons.setdefault(empty[0], _reason(empty[0], known)))
    return told


def _reason(cell: Hashable, known: Known) -> list[int]:
    """The places of the known sums that leave nothing for a cell."""
    for empty, places in plainly(known).items():
        if cell in empty:
            return places
    return _fewest(len(known), lambda places: cell in zeros([known[place] for place in places]))


def _fewest(count: int, suffices: Callable[[Sequence[int]], bool]) -> list[int]:
    """Places of which none can be left out; the last are left out first, halves before single ones."""
    kept = list(range(count))
    size = count
    while size := size // 2:
        for end in range(count, 0, -size):
            fewer = [place for place in kept if not end - size <= place < end]
            if len(fewer) < len(kept) and suffices(fewer):
                kept = fewer
    return kept


def _quotient(number: int | Fraction, divisor: int | Fraction) -> int | Fraction:
    if divisor == 1:
        return number
    found = Fraction(number) / divisor
    return found.numerator if found.denominator == 1 else found
