"""Which cells must be nothing, given the sums of some: where nothing is negative, sums may leave no room for a cell.

Two parts of 5 and 5 beside a total of 10: all the rest is nothing. The sums are equations, the cells unknown numbers
that are not negative; a cell must be nothing if it is so in every solution. One solution is found by the simplex method
in exact fractions (Bland's rule), then it is asked, until none can, whether a cell with nothing in it could have more.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction

from engine.positive_solution import has_positive_solution

Number = int | Fraction
Row = dict[int, Number]
Equation = tuple[frozenset[Hashable], int]


def implied_zeros(equations: Sequence[Equation]) -> frozenset[Hashable] | None:
    """The cells that are nothing in every solution; None where the sums contradict each other.

    >>> sorted(implied_zeros([(frozenset("ab"), 5), (frozenset("cd"), 5), (frozenset("abcdef"), 10)]))
    ['e', 'f']
    """
    known, rest = _settled(equations)
    if rest is None:
        return None
    nothing = frozenset(cell for cell, value in known.items() if value == 0)
    filled = has_positive_solution(rest)
    if filled is None or filled:
        return nothing if filled else None
    names = sorted({cell for cells, _ in rest for cell in cells}, key=repr)
    places = {cell: place for place, cell in enumerate(names)}
    tableau = _Tableau([({places[cell]: 1 for cell in cells}, value) for cells, value in rest])
    if not tableau.solve():
        return None
    return nothing | {names[place] for place in tableau.never_more(set(range(len(names))))}


def _settled(equations: Sequence[Equation]) -> tuple[dict[Hashable, int], list[Equation] | None]:
    """The cells that single sums and sums of nothing settle, and the equations of the others."""
    known: dict[Hashable, int] = {}
    left = list(equations)
    while True:
        rest: dict[frozenset[Hashable], int] = {}
        before = len(known)
        for cells, value in left:
            open_cells = frozenset(cell for cell in cells if cell not in known)
            remains = value - sum(known[cell] for cell in cells if cell in known)
            if remains < 0 or rest.get(open_cells, remains) != remains or (remains and not open_cells):
                return known, None
            if remains == 0 or len(open_cells) == 1:
                known |= dict.fromkeys(open_cells, remains)
            else:
                rest[open_cells] = remains
        left = list(rest.items())
        if len(known) == before:
            return known, left


class _Tableau:
    """Equations in the simplex method; a row's basic unknown has the row's value, all others are nothing.

    Numbers from -1 downwards are the artificial unknowns that begin as the basis and may not come back.
    """

    def __init__(self, equations: Sequence[tuple[Row, int]]) -> None:
        self.rows: list[Row] = [dict(row) for row, _ in equations]
        self.values: list[Number] = [value for _, value in equations]
        self.basis = [-1 - place for place in range(len(equations))]

    def solve(self) -> bool:
        """Find a solution; False if there is none."""
        while True:
            gain: Row = {}
            for row, basic in zip(self.rows, self.basis, strict=True):
                if basic < 0:
                    _add(gain, row, 1)
            entering = min((place for place, more in gain.items() if more > 0), default=None)
            if entering is None:
                break
            self._enter(entering)
        if any(value for value, basic in zip(self.values, self.basis, strict=True) if basic < 0):
            return False
        self._drop_artificial()
        return True

    def never_more(self, unknowns: set[int]) -> set[int]:
        """Those of some unknowns that are nothing in every solution."""
        while True:
            unknowns -= {basic for basic, value in zip(self.basis, self.values, strict=True) if value}
            gain: Row = dict.fromkeys(unknowns, 1)
            for row, basic in zip(self.rows, self.basis, strict=True):
                if basic in unknowns:
                    _add(gain, row, -1)
            entering = min((place for place, more in gain.items() if more > 0), default=None)
            if entering is None:
                return unknowns
            self._enter(entering)

    def _drop_artificial(self) -> None:
        for at in range(len(self.rows) - 1, -1, -1):
            if self.basis[at] >= 0:
                continue
            if self.rows[at]:
                self._pivot(at, min(self.rows[at]))
            else:  # it says what others say
                del self.rows[at], self.values[at], self.basis[at]

    def _enter(self, entering: int) -> None:
        """Bring an unknown into the basis in place of the first to become nothing; sums bound every unknown."""
        ratios = [
            (Fraction(value) / row[entering], basic, at)
            for at, (row, value, basic) in enumerate(zip(self.rows, self.values, self.basis, strict=True))
            if row.get(entering, 0) > 0
        ]
        self._pivot(min(ratios)[2], entering)

    def _pivot(self, at: int, entering: int) -> None:
        pivot = self.rows[at][entering]
        if pivot != 1:
            self.rows[at] = {place: _quotient(number, pivot) for place, number in self.rows[at].items()}
            self.values[at] = _quotient(self.values[at], pivot)
        own = self.rows[at]
        for other, row in enumerate(self.rows):
            factor = row.get(entering, 0) if other != at else 0
            if factor:
                _add(row, own, -factor)
                self.values[other] -= factor * self.values[at]
        self.basis[at] = entering


def _quotient(number: Number, divisor: Number) -> Number:
    found = Fraction(number) / divisor
    return found.numerator if found.denominator == 1 else found


def _add(row: Row, other: Row, factor: Number) -> None:
    for place, number in other.items():
        total = row.get(place, 0) + factor * number
        if total:
            row[place] = total
        else:
            row.pop(place, None)
