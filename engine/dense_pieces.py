"""Gives the figures of cut areas to their pieces, for many series at once: what `engine.apportion` does, on 64 bits.

Largest remainder within each figure, ties by code. Each function's rows are series, its columns pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.dense_layout import Bools, Ints, Layout, Pieces, first_of_each


@dataclass(frozen=True)
class Apportioned:
    """What the pieces of cut areas bring to the new areas that have any.

    Attributes:
        targets: The numbers of those new areas; the other columns are ordered alike.
        given, least, most: Sums of what the pieces get, get at least, get at most; nothing where that is not known.
        unknown: The share of a piece is unknown.
        vague: Nothing certain is known of a piece.
        estimated: A share is no law.
        unallocated: What could be given to no single new area; one column for each of `unallocated_columns`.
        unallocated_columns: The columns of their old areas.
    """

    targets: Ints
    given: Ints
    least: Ints
    most: Ints
    unknown: Bools
    vague: Bools
    estimated: Bools
    unallocated: Ints
    unallocated_columns: Ints


def apportion_block(amounts: Ints, reported: Bools, layout: Layout, signed: bool) -> Apportioned:
    """Give each figure of a cut area to its pieces.

    Args:
        amounts: Of every area, one row for each series; zero where nothing is reported.
        reported: Whether there is a figure.
        layout: Where the pieces are; no amount is larger than `layout.most`.
        signed: Amounts may be negative: then nothing is certain of a piece of unknown share.
    """
    pieces = layout.pieces
    amount, there = amounts.take(pieces.columns, axis=1), reported.take(pieces.columns, axis=1)
    given = _largest_remainder(amount, pieces)
    nothing = (amount == 0) & there if not signed else np.zeros_like(there)
    known = pieces.known | nothing
    certain = pieces.firm | (amount >= 0) if not signed else np.broadcast_to(pieces.firm, there.shape)
    certain = certain & (known | ~pieces.firm)
    least = np.where(pieces.firm, given, _quotient(amount * pieces.low, pieces))
    most = np.where(pieces.firm, given, _quotient(amount * pieces.high + pieces.parts - 1, pieces))
    placed, targets = pieces.by_target, pieces.targets[pieces.by_target]

    def added(values: Ints, counted: Bools) -> Ints:
        sums: Ints = by_target(np.add, np.where(there & counted, values, 0).take(placed, axis=1), targets)
        return sums

    def some(marks: Bools) -> Bools:
        found: Bools = by_target(np.logical_or, (there & marks).take(placed, axis=1), targets)
        return found

    rest = np.flatnonzero(pieces.targets < 0)
    return Apportioned(
        targets=targets[first_of_each(targets)],
        given=added(given, known),
        least=added(least, certain),
        most=added(most, certain),
        unknown=some(~known),
        vague=some(~certain),
        estimated=some(pieces.estimated & ~nothing),
        unallocated=given.take(rest, axis=1),
        unallocated_columns=pieces.columns[rest],
    )


def by_target(combine: Any, values: Any, targets: Ints, dtype: Any = None) -> Any:
    """Combine the columns of the same new area; `targets` is ordered and names each column's."""
    if not len(targets):
        return values
    reduceat: Callable[..., Any] = combine.reduceat
    return reduceat(values, first_of_each(targets), axis=1, dtype=dtype)


def _quotient(numerator: Ints, pieces: Pieces) -> Ints:
    """Divided by the number of parts, downwards; most pieces have no share but all or nothing, and need no division."""
    return numerator if (pieces.parts == 1).all() else numerator // pieces.parts


def _largest_remainder(amount: Ints, pieces: Pieces) -> Ints:
    """Floors first; then one more unit each for the largest remainders until the figure is used up."""
    floor = _quotient(amount * pieces.part, pieces)
    remainder = amount * pieces.part - floor * pieces.parts
    if not remainder.any():
        return floor
    one, other = pieces.rivals
    before = (remainder[:, other] > remainder[:, one]) | ((remainder[:, other] == remainder[:, one]) & (other < one))
    place = np.add.reduceat(before, first_of_each(one), axis=1, dtype=np.int64)
    lengths = np.diff(np.append(pieces.starts, floor.shape[1]))
    used = np.repeat(np.add.reduceat(floor, pieces.starts, axis=1), lengths, axis=1)
    given: Ints = floor + (place < amount - used)
    return given
