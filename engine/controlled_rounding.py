"""Rounds a table that is shared between pieces to whole numbers that add up in every direction.

The pieces of a cell always add up to the cell, so the pieces of every margin, being sums of cells, add up to it.
Beyond that each number should lie within one unit of its unrounded value: cells, one-way margins and the total. Numbers
and their sums are the flows of a network, so pushing flow around cycles of fractional flows until none is left rounds
all of them at once to one of their two neighbours (Cox 1987, A constructive procedure for unbiased controlled rounding;
Causey, Cox and Ernst 1985). For what needs more than one network there may be no such rounding at all (three-way
tables): then the numbers still add up and may be off by more, which `farthest` tells.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Sequence
from fractions import Fraction

Codes = tuple[str, ...]
Edge = tuple[Hashable, Hashable, Fraction]
"""A flow from a node to a node."""


def controlled(amounts: Sequence[int], codes: Sequence[Codes], shares: Sequence[Fraction]) -> list[list[int]]:
    """Share every cell of a table between the same pieces.

    Args:
        amounts: The cells.
        codes: The codes of each cell, one for each dimension of the table; no two cells have the same.
        shares: The share of each piece; they add up to 1.

    Returns:
        For each cell what each piece gets. Up to one dimension with any pieces, and two dimensions with two pieces,
        everything lies within one unit; with more pieces they are taken off one after the other.
    """
    if len(shares) == 1:
        return [[amount] for amount in amounts]
    if not codes or len(codes[0]) < 2:
        return _by_cells(amounts, shares)
    first = _one_piece(amounts, codes, shares[0])
    left = [amount - taken for amount, taken in zip(amounts, first, strict=True)]
    rest = controlled(left, codes, [share / (1 - shares[0]) for share in shares[1:]])
    return [[taken, *others] for taken, others in zip(first, rest, strict=True)]


def _by_cells(amounts: Sequence[int], shares: Sequence[Fraction]) -> list[list[int]]:
    """Cells and totals: all flows out of a source through the pieces to the cells and back."""
    edges: list[Edge] = [
        (("piece", p), ("cell", c), amount * share)
        for c, amount in enumerate(amounts)
        for p, share in enumerate(shares)
    ]
    total = sum(amounts)
    edges += [("all", ("piece", p), total * share) for p, share in enumerate(shares)]
    edges += [(("cell", c), "all", Fraction(amount)) for c, amount in enumerate(amounts)]
    flows = rounded_flows(edges)
    return [flows[c * len(shares) : (c + 1) * len(shares)] for c in range(len(amounts))]


def _one_piece(amounts: Sequence[int], codes: Sequence[Codes], share: Fraction) -> list[int]:
    """What one piece gets of every cell: flows from the margins of one dimension to those of another.

    Further dimensions divide the margins of the first: total, first, first and third, and so on.
    """
    edges: list[Edge] = []
    sums: dict[tuple[Hashable, Hashable], Fraction] = {}
    for amount, (one, two, *more) in zip(amounts, codes, strict=True):
        value = amount * share
        path = [("one", one, *more[:depth]) for depth in range(len(more) + 1)]
        edges.append((path[-1], ("two", two), value))
        margins = [("from", path[0]), *itertools.pairwise(path), (("two", two), "to"), ("to", "from")]
        for margin in margins:
            sums[margin] = sums.get(margin, Fraction(0)) + value
    edges += [(tail, head, value) for (tail, head), value in sums.items()]
    return rounded_flows(edges)[: len(amounts)]


def rounded_flows(edges: Sequence[Edge]) -> list[int]:
    """Whole flows, each one of the two neighbours of a given flow, that still make a circulation.

    Args:
        edges: A circulation: at every node as much comes in as goes out. Their order settles ties.
    """
    flows = [value for _, _, value in edges]
    at: dict[Hashable, dict[int, None]] = {}
    for number, (tail, head, value) in enumerate(edges):
        if value.denominator != 1:
            at.setdefault(tail, {})[number] = None
            at.setdefault(head, {})[number] = None
    for number in range(len(edges)):
        while flows[number].denominator != 1:
            cycle = _cycle(edges, at, number)
            _push(flows, cycle)
            for edge, _ in cycle:
                if flows[edge].denominator == 1:
                    del at[edges[edge][0]][edge], at[edges[edge][1]][edge]
    return [int(flow) for flow in flows]


def _cycle(edges: Sequence[Edge], at: dict[Hashable, dict[int, None]], start: int) -> list[tuple[int, int]]:
    """A cycle of fractional flows that is met from one of them: (edge, +1 along it or -1 against it)."""
    tail, head, _ = edges[start]
    walk, node, seen = [(start, 1)], head, {tail: 0, head: 1}
    while True:
        last = walk[-1][0]
        number = next(edge for edge in at[node] if edge != last)
        ends = edges[number]
        forward = ends[0] == node
        walk.append((number, 1 if forward else -1))
        node = ends[1] if forward else ends[0]
        if node in seen:
            return walk[seen[node] :]
        seen[node] = len(walk)


def _push(flows: list[Fraction], cycle: Sequence[tuple[int, int]]) -> None:
    """Change the flows of a cycle by the least that makes one of them whole."""
    up = min(_room(flows[edge], sign) for edge, sign in cycle)
    down = min(_room(flows[edge], -sign) for edge, sign in cycle)
    change = up if up <= down else -down
    for edge, sign in cycle:
        flows[edge] += sign * change


def _room(flow: Fraction, sign: int) -> Fraction:
    above = -flow.numerator % flow.denominator
    return Fraction(above if sign > 0 else flow.denominator - above, flow.denominator)


def with_totals(
    given: list[list[int]], amounts: Sequence[int], shares: Sequence[Fraction], totals: Sequence[int]
) -> None:
    """Move single units between the pieces of cells until the pieces have given totals.

    A unit leaves the cell that was rounded up most there and down most where it goes; the first of equals.
    """
    off = [sum(row[p] for row in given) - total for p, total in enumerate(totals)]
    while any(off):
        giver = next(p for p, more in enumerate(off) if more > 0)
        taker = next(p for p, more in enumerate(off) if more < 0)
        gains = [
            (row[giver] - amount * shares[giver]) - (row[taker] - amount * shares[taker])
            for row, amount in zip(given, amounts, strict=True)
        ]
        cell = max(range(len(given)), key=lambda c: (given[c][giver] * amounts[c] > 0, gains[c], -c))
        given[cell][giver] -= 1
        given[cell][taker] += 1
        off[giver] -= 1
        off[taker] += 1


def groups_of(codes: Sequence[Codes]) -> list[list[int]]:
    """The cells of every number that is to stay close: the total, the one-way margins, each cell."""
    groups: dict[Hashable, list[int]] = {"all": list(range(len(codes)))}
    for cell, names in enumerate(codes):
        for place, code in enumerate(names):
            groups.setdefault((place, code), []).append(cell)
    return [*groups.values(), *([cell] for cell in range(len(codes)))]


def farthest(
    given: Sequence[Sequence[int]], amounts: Sequence[int], codes: Sequence[Codes], shares: Sequence[Fraction]
) -> Fraction:
    """How far the farthest of cells, one-way margins and totals lies from its unrounded value."""
    return max(
        abs(sum(given[c][p] for c in cells) - sum(amounts[c] for c in cells) * share)
        for cells in groups_of(codes)
        for p, share in enumerate(shares)
    )
