"""Looks for a way to fill cells, all of them with more than nothing, that agrees with the sums of some.

If there is one, no cell must be nothing; it is found in nearly all tables, and far sooner than the simplex method says
so. A guess comes from iterative proportional fitting: every cell begins at one, and each sum in turn scales its cells
to what they must add up to. The guess is then made exact: the equations are solved for some cells, the other cells
keep their guess as a fraction, and what comes out is looked at. So a wrong guess costs time and is never believed.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction

Equation = tuple[frozenset[Hashable], int]
Row = dict[Hashable, Fraction]

ROUNDS = 60
GRAIN = 2**20
"""A guess is rounded to a fraction of this."""


def has_positive_solution(equations: Sequence[Equation]) -> bool | None:
    """Whether a filling with more than nothing in every cell was found; None if the sums contradict each other.

    Args:
        equations: Sets of cells with what they add up to, which is more than nothing.

    >>> has_positive_solution([(frozenset("ab"), 5), (frozenset("bc"), 5)])
    True
    >>> has_positive_solution([(frozenset("ab"), 5), (frozenset("abc"), 5)])
    False
    """
    solved = _solved(equations)
    if solved is None:
        return None
    found = {cell: Fraction(round(value * GRAIN), GRAIN) for cell, value in _fitted(equations).items()}
    for lead, row, value in reversed(solved):  # a row has no cell that an earlier row was solved for
        found[lead] = value - sum((factor * found[cell] for cell, factor in row.items()), Fraction(0))
    return all(value > 0 for value in found.values())


def _fitted(equations: Sequence[Equation]) -> dict[Hashable, float]:
    filled = {cell: 1.0 for cells, _ in equations for cell in sorted(cells, key=repr)}
    sums = [(sorted(cells, key=repr), value) for cells, value in equations]
    for _ in range(ROUNDS):
        for cells, value in sums:
            factor = value / sum(filled[cell] for cell in cells)
            for cell in cells:
                filled[cell] *= factor
    return filled


def _solved(equations: Sequence[Equation]) -> list[tuple[Hashable, Row, Fraction]] | None:
    """Each cell that is solved for, with what to subtract for other cells from which value; None: contradiction."""
    basis: dict[Hashable, tuple[Row, Fraction]] = {}
    for cells, total in sorted(equations, key=lambda one: len(one[0])):
        row, value = dict.fromkeys(sorted(cells, key=repr), Fraction(1)), Fraction(total)
        waiting = [cell for cell in row if cell in basis]
        while waiting:
            lead = waiting.pop()
            factor = row.pop(lead, None)
            if factor is None:
                continue
            others, its_value = basis[lead]
            value -= factor * its_value
            for cell, number in others.items():
                left = row.get(cell, 0) - factor * number
                if not left:
                    row.pop(cell, None)
                    continue
                row[cell] = left
                if cell in basis:
                    waiting.append(cell)
        if not row and value:
            return None
        if row:
            lead, factor = next(iter(row.items()))
            del row[lead]
            basis[lead] = ({cell: number / factor for cell, number in row.items()}, value / factor)
    return [(lead, row, value) for lead, (row, value) in basis.items()]
