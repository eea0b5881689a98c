"""Gives the figures of cut areas to their pieces, for many series at once: what `engine.apportion` does, on 64 bits.

Largest remainder within each figure, ties by code. Each function's rows are pieces, its columns series.
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
        targets: The numbers of those new areas; the rows of the others are ordered alike.
        given, least, most: Sums of what the pieces get, get at least, get at most; nothing where that is not known.
        unknown: The share of a piece is unknown.
        vague: Nothing certain is known of a piece.
        estimated: An amount other than nothing was cut.
        unallocated: What could be given to no single new area; one row for each of `unallocated_columns`.
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


def apportion_block(amounts: Ints, missing: Bools, layout: Layout, signed: bool) -> Apportioned:
    """Give each figure of a cut area to its pieces.

    Args:
        amounts: One row for each series, one column for each old area; zero where nothing is reported.
        missing: Where nothing is reported.
        layout: Where the pieces are; no amount is larger than `layout.most`.
        signed: Amounts may be negative: then nothing is certain of a piece of unknown share.
    """
    pieces = layout.pieces
    amount = np.ascontiguousarray(amounts.take(pieces.columns, axis=1).T)
    there = ~np.ascontiguousarray(missing.take(pieces.columns, axis=1).T)
    given = _largest_remainder(amount, pieces)
    firm = pieces.firm[:, None]
    nothing = (amount == 0) & there if not signed else np.zeros_like(there)
    known = pieces.known[:, None] | nothing
    certain = firm | (amount >= 0) if not signed else np.broadcast_to(firm, there.shape)
    certain = certain & (known | ~firm)
    least = _quotient(amount * pieces.low[:, None], pieces)
    most = _quotient(amount * pieces.high[:, None] + pieces.parts[:, None] - 1, pieces)
    placed, targets = pieces.by_target, pieces.targets[pieces.by_target]

    def added(values: Ints, counted: Bools) -> Ints:
        sums: Ints = by_target(np.add, np.where(there & counted, values, 0).take(placed, axis=0), targets)
        return sums

    def some(marks: Bools) -> Bools:
        found: Bools = by_target(np.logical_or, (there & marks).take(placed, axis=0), targets)
        return found

    rest = np.flatnonzero(pieces.targets < 0)
    return Apportioned(
        targets=targets[first_of_each(targets)],
        given=added(given, known),
        least=added(least, certain),
        most=added(most, certain),
        unknown=some(~known),
        vague=some(~certain),
        estimated=some(~nothing),
        unallocated=given.take(rest, axis=0),
        unallocated_columns=pieces.columns[rest],
    )


def by_target(combine: Any, values: Any, targets: Ints) -> Any:
    """Combine the rows of the same new area; `targets` is ordered and names each row's."""
    if not len(targets):
        return values
    reduceat: Callable[..., Any] = combine.reduceat
    return reduceat(values, first_of_each(targets), axis=0)


def _quotient(numerator: Ints, pieces: Pieces) -> Ints:
    """Divided by the number of parts, downwards; most pieces have no share but all or nothing, and need no division."""
    return numerator if (pieces.parts == 1).all() else numerator // pieces.parts[:, None]


def _largest_remainder(amount: Ints, pieces: Pieces) -> Ints:
    """Floors first; then one more unit each for the largest remainders until the figure is used up."""
    share = amount * pieces.part[:, None]
    if (pieces.parts == 1).all():  # all or nothing
        return share
    floor = share // pieces.parts[:, None]
    remainder = share - floor * pieces.parts[:, None]
    one, other = pieces.rivals
    ours, theirs = remainder[one], remainder[other]
    before = (theirs > ours) | ((theirs == ours) & (other < one)[:, None])
    place = np.add.reduceat(before, first_of_each(one), axis=0, dtype=np.int64)
    lengths = np.diff(np.append(pieces.starts, len(floor)))
    used = np.repeat(np.add.reduceat(floor, pieces.starts, axis=0), lengths, axis=0)
    given: Ints = floor + (place < amount - used)
    return given
