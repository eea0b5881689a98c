"""Adds up blocks of figures by the rule `sum`: value, bounds, status, basis and coverage, as `engine.restate` has them.

A block is every series of one measure (rows) by every old area (columns), in whole numbers of smallest units. Nothing
is looked up and nothing hashed: `engine.dense_layout` says which columns make which new area. What is so of almost
every figure of a new area is worked out once an area; then the few that have a cut piece, a missing source or an
unusual status are worked out one by one, by the same rules (`_judged`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.dense_layout import LARGEST, Bools, Ints, Layout, first_of_each
from engine.dense_marks import Bytes, Marks, marks_of
from engine.dense_pieces import Apportioned, apportion_block, by_target
from engine.frames import BASES, COVERAGE, STATUSES

_REPORTED, _EXACT, _ESTIMATED, _PARTIAL = (
    np.int8(BASES.index(name)) for name in ("reported", "exact", "estimated", "partial")
)
_NORMAL, _E, _M, _L, _O, _Q = (np.int8(STATUSES.index(name)) for name in "AEMLOQ")
WHOLE_COVERAGE = 1_000_000


@dataclass(frozen=True)
class Block:
    """Every series of a measure (rows) by every area (columns, then one that is always zero).

    Attributes:
        values: Whole numbers of smallest units; zero where nothing is reported, and of areas of other levels.
        missing: Nothing is reported; not so in the last column.
        status: Places in STATUSES; 0 where there is no row. None: all are normal.
    """

    values: Ints
    missing: Bools
    status: Bytes | None

    @cached_property
    def smallest(self) -> int:
        """The smallest figure, or 0."""
        return int(self.values.min(initial=0))

    @cached_property
    def largest(self) -> int:
        """The largest figure without its sign."""
        return max(int(self.values.max(initial=0)), -self.smallest)


@dataclass(frozen=True)
class Sums:
    """The figures of new areas: one row for each of the layout's targets, one column for each series.

    Attributes:
        value, lower, upper: Whole numbers of smallest units; to be read only where there is one.
        has_value, has_lower, has_upper: Where there is one.
        status, basis: Places in STATUSES and BASES.
        coverage: In millionths.
        is_held: Where `value` is known to have gone to a new area that got no value.
        unallocated: What could be given to no single new area, by the columns `unallocated_columns` of old areas.
    """

    value: Ints
    lower: Ints
    upper: Ints
    has_value: Bools
    has_lower: Bools
    has_upper: Bools
    status: Bytes
    basis: Bytes
    coverage: npt.NDArray[np.int32]
    is_held: Bools
    unallocated: Ints
    unallocated_columns: Ints


def fits(largest: int, layout: Layout) -> bool:
    """Whether no sum and no piece of figures up to a size, without their sign, can leave 64 bits."""
    within_pieces = largest if len(layout.pieces.columns) else 0
    return within_pieces < layout.most and largest * (len(layout.sources) + 1) < LARGEST


def add_up(block: Block, layout: Layout, signed: bool) -> Sums:
    """Restate a block.

    Args:
        block: Its figures; they `fit`.
        layout: How the areas map.
        signed: Figures may be negative.
    """
    wholes = np.add.reduceat(block.values.take(layout.whole_columns, axis=1), layout.whole_starts, axis=1)
    value = np.ascontiguousarray(wholes.T)
    lower, upper, count = value.copy(), value.copy(), value.shape[1]
    marks, noted = marks_of(block.missing, block.status, layout)
    plain = _judged(layout, np.arange(len(value)), _NOTHING, _NO_CUTS, signed)
    found = {name: np.repeat(row, count).reshape(value.shape) for name, row in plain.items()}
    cells = noted[~layout.special[noted // count]]
    for name, row in _judged(layout, cells // count, marks.flat().at(cells), _NO_CUTS, signed).items():
        found[name].reshape(-1)[cells] = row
    cut = apportion_block(block.values, block.missing, layout, signed)
    at = np.flatnonzero(layout.special)
    if len(at):
        for sums, pieces in ((value, cut.given), (lower, cut.least), (upper, cut.most)):
            sums[cut.targets] += pieces
        rows = _judged(layout, at[:, None], marks.at(at), _cuts(cut, block, layout, at), signed)
        for name, row in rows.items():
            found[name][at] = row
        exact = rows["has_value"] & (rows["basis"] <= _EXACT)
        lower[at] = np.where(exact, value[at], lower[at])
        upper[at] = np.where(exact, value[at], upper[at])
    return Sums(value, lower, upper, **found, unallocated=cut.unallocated, unallocated_columns=cut.unallocated_columns)


@dataclass(frozen=True)
class _Cuts:
    """What the pieces of new areas are: of unknown share, nothing certain of them, of a share that is no law."""

    unknown: Bools
    vague: Bools
    estimated: Bools


_NO_CUTS = _Cuts(*[np.zeros((), bool)] * 3)
_NOTHING = Marks(np.zeros((), np.int32), np.zeros((), np.int8), np.zeros((), np.int8))


def _cuts(cut: Apportioned, block: Block, layout: Layout, at: Ints) -> _Cuts:
    """What the pieces of the special new areas are, one row for each."""
    unknown, vague, estimated = (np.zeros((len(at), len(block.values)), bool) for _ in range(3))
    rows = np.searchsorted(at, cut.targets)
    unknown[rows], vague[rows], estimated[rows] = cut.unknown, cut.vague, cut.estimated
    if len(layout.marked_targets):
        there = ~block.missing.take(layout.marked_columns, axis=1).T
        rows = np.searchsorted(at, layout.marked_targets[first_of_each(layout.marked_targets)])
        estimated[rows] |= by_target(np.logical_or, there, layout.marked_targets)
    return _Cuts(unknown, vague, estimated)


def _judged(layout: Layout, area: Ints, marks: Marks, cuts: _Cuts, signed: bool) -> dict[str, Any]:
    """What can be said of figures of new areas, whatever their number and shape: the fields of Sums but the amounts.

    Args:
        layout: How the areas map.
        area: The number of each figure's new area.
        marks: What is said of its sources.
        cuts: What its pieces are.
        signed: Figures may be negative.
    """
    expected, empty_land = layout.expected[area], layout.empty_land[area]
    reported = expected - marks.lacking
    complete = empty_land | ((marks.lacking == 0) & (expected > 0))
    some = empty_land | (reported > 0)
    valued = complete & ~cuts.unknown
    basis = np.where(valued, np.where(cuts.estimated, _ESTIMATED, _EXACT), _PARTIAL)
    basis = np.where(complete & layout.same[area], _REPORTED, basis)
    exact = valued & (basis <= _EXACT)
    return {
        "has_value": valued,
        "has_lower": exact | (some & ~cuts.vague & (complete if signed else True)),
        "has_upper": exact | (complete & ~cuts.vague),
        "status": np.where(valued, np.where(basis == _ESTIMATED, _E, marks.worst), _gap(marks, reported)),
        "basis": basis,
        "coverage": _coverage(reported, expected, empty_land),
        # What left every area has no new area to be a value of.
        "is_held": (reported > 0) & (~valued | (area >= layout.shown)),
    }


def _gap(marks: Marks, reported: Ints) -> Bytes:
    """The status of a missing figure: Q where any source is suppressed, M or L where all say so, else O."""
    of_one_word = (reported == 0) & (marks.first == marks.worst) & ((marks.worst == _M) | (marks.worst == _L))
    return np.where((marks.worst == _Q) | of_one_word, marks.worst, _O)


def _coverage(reported: Ints, expected: Ints, empty_land: Bools) -> npt.NDArray[np.int32]:
    """The share of the sources that reported, in millionths."""
    share = np.where((reported == expected) & ((expected > 0) | empty_land), WHOLE_COVERAGE, 0).astype(np.int32)
    few = np.nonzero(reported != expected)
    pairs = (np.broadcast_to(expected, share.shape)[few] << 32) | reported[few]
    pairs, place = np.unique(pairs, return_inverse=True)
    share[few] = np.array([_millionths(pair & (2**32 - 1), pair >> 32) for pair in pairs.tolist()], np.int32)[place]
    return share


@lru_cache(maxsize=4096)
def _millionths(reported: int, expected: int) -> int:
    """Rounded by the same expression as in `engine.restate`."""
    frame = pl.DataFrame({"reported": [reported], "expected": [expected]})
    share: Decimal = frame.select((pl.col("reported") / pl.col("expected")).round(6).cast(COVERAGE)).item()
    return int(share.scaleb(6))
