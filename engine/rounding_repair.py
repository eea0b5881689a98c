"""Brings the margins of a table of whole numbers back to within one unit, by moving single units between pieces.

Used where no one network holds all margins (`engine.controlled_rounding`). Every step lessens by how much cells,
margins and totals together exceed one unit, so it ends; it need not reach nothing, as nothing may be impossible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm

Move = tuple[int, int, int]
"""A unit of a cell, from a piece to a piece."""


class Table:
    """A table under repair: how far every cell, one-way margin and total lies from its unrounded value, in parts."""

    def __init__(
        self,
        given: Sequence[Sequence[int]],
        amounts: Sequence[int],
        groups: Sequence[Sequence[int]],
        shares: Sequence[Fraction],
    ) -> None:
        self.given, self.shares, self.groups = [list(row) for row in given], shares, groups
        self.parts = lcm(*(share.denominator for share in shares))
        self.amounts = amounts
        self.of_cell: list[list[int]] = [[] for _ in amounts]
        for number, cells in enumerate(groups):
            for cell in cells:
                self.of_cell[cell].append(number)
        self.off = [
            [
                sum(given[c][p] for c in cells) * self.parts - int(sum(amounts[c] for c in cells) * share * self.parts)
                for p, share in enumerate(shares)
            ]
            for cells in groups
        ]

    def excess(self, off: int) -> int:
        """By how many parts a number is a whole unit or more away."""
        return max(0, abs(off) - self.parts + 1)

    def gain(self, moves: Sequence[Move]) -> int:
        """By how much some moves together lessen the excess."""
        change: dict[tuple[int, int], int] = {}
        for cell, giver, taker in moves:
            for group in self.of_cell[cell]:
                change[group, giver] = change.get((group, giver), 0) - self.parts
                change[group, taker] = change.get((group, taker), 0) + self.parts
        return sum(
            self.excess(self.off[group][piece]) - self.excess(self.off[group][piece] + by)
            for (group, piece), by in change.items()
        )

    def do(self, moves: Sequence[Move]) -> None:
        """Carry out some moves."""
        for cell, giver, taker in moves:
            self.given[cell][giver] -= 1
            self.given[cell][taker] += 1
            for group in self.of_cell[cell]:
                self.off[group][giver] -= self.parts
                self.off[group][taker] += self.parts

    def movable(self, move: Move) -> bool:
        """Whether nothing of one sign becomes of the other."""
        cell, giver, taker = move
        return self.given[cell][giver] > 0 if self.amounts[cell] >= 0 else self.given[cell][taker] < 0

    def candidates(self) -> Iterator[list[Move]]:
        """Moves that start in a number that is off, alone and with a move the other way in another cell."""
        for move in filter(self.movable, self._starts()):
            yield [move]
            cell, giver, taker = move
            back = ((other, taker, giver) for other in range(len(self.amounts)) if other != cell)
            yield from ([move, other] for other in filter(self.movable, back))

    def _starts(self) -> Iterator[Move]:
        for group, offs in enumerate(self.off):
            for piece, off in enumerate(offs):
                if self.excess(off):
                    ends = [(piece, p) if off > 0 else (p, piece) for p in range(len(offs)) if p != piece]
                    yield from ((cell, *end) for cell in self.groups[group] for end in ends)


def repaired(
    given: Sequence[Sequence[int]],
    amounts: Sequence[int],
    groups: Sequence[Sequence[int]],
    shares: Sequence[Fraction],
) -> list[list[int]]:
    """The table, with less excess where there was any: the first best move each time.

    Args:
        given: For each cell what each piece gets.
        amounts: The cells.
        groups: Cells that are summed: each cell alone, the one-way margins, the total.
        shares: The share of each piece.
    """
    table = Table(given, amounts, groups, shares)
    while True:
        best: list[Move] = []
        gain = 0
        for moves in table.candidates():
            if (more := table.gain(moves)) > gain:
                best, gain = moves, more
        if not best:
            return table.given
        table.do(best)
