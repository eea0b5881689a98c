"""Adds up blocks of figures by the rule `sum`: value, bounds, status, basis and coverage, as `engine.restate` has them.

A block is every series of one measure (rows) by every old area (columns), in whole numbers of smallest units. Nothing
is looked up and nothing hashed: `engine.dense_layout` says which columns make which new area. Only new areas that have
a cut piece, a missing source or a status other than normal cost more than an addition.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.dense_layout import LARGEST, Bools, Ints, Layout, first_of_each
from engine.dense_pieces import apportion_block, by_target
from engine.frames import BASES, COVERAGE, STATUSES

Bytes = npt.NDArray[np.int8]
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
    """The figures of new areas, one row for each series, one column for each of the layout's targets.

    Attributes:
        value, lower, upper: Whole numbers of smallest units; to be read only where there is one.
        has_value, has_lower, has_upper: Where there is one.
        status, basis: Places in STATUSES and BASES.
        coverage: In millionths.
        held: Known to have gone to a new area that got no value; `is_held`: where.
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
    held: Ints
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
    value = np.add.reduceat(block.values.take(layout.whole_columns, axis=1), layout.whole_starts, axis=1)
    lower, upper = value.copy(), value.copy()
    shape = value.shape
    unknown, vague, estimated = (np.zeros(shape, bool) for _ in range(3))
    _mark_whole(estimated, block, layout)
    cut = apportion_block(block.values, ~block.missing, layout, signed)
    at = cut.targets
    if len(at):
        value[:, at] += cut.given
        lower[:, at] += cut.least
        upper[:, at] += cut.most
        unknown[:, at], vague[:, at] = cut.unknown, cut.vague
        estimated[:, at] |= cut.estimated
    reported, coverage = _reported(block, layout)
    complete = layout.empty_land | ((reported == layout.expected) & (layout.expected > 0))
    some = layout.empty_land | (reported > 0)
    valued = complete & ~unknown
    basis = np.where(valued, np.where(estimated, _ESTIMATED, _EXACT), _PARTIAL)
    basis = np.where(complete & layout.same, _REPORTED, basis)
    status = _worst(block, layout)
    gap = np.where(_keeps_its_word(block, layout, status, reported), status, _O)
    status = np.where(valued, np.where(basis == _ESTIMATED, _E, status), gap)
    exact = valued & (basis <= _EXACT)
    lower[:, at] = np.where(exact[:, at], value[:, at], lower[:, at])
    upper[:, at] = np.where(exact[:, at], value[:, at], upper[:, at])
    is_held = (reported > 0) & ~valued
    is_held[:, layout.shown :] = reported[:, layout.shown :] > 0  # land that left every area
    return Sums(
        value=value,
        lower=lower,
        upper=upper,
        has_value=valued,
        has_lower=exact | (some & ~vague & (complete if signed else True)),
        has_upper=exact | (complete & ~vague),
        status=status,
        basis=basis,
        coverage=coverage,
        held=np.where(is_held, value, 0),
        is_held=is_held,
        unallocated=cut.unallocated,
        unallocated_columns=cut.unallocated_columns,
    )


def _reported(block: Block, layout: Layout) -> tuple[Ints, npt.NDArray[np.int32]]:
    """How many sources reported, and what share of them; only new areas that lack one are counted out."""
    shape = (len(block.values), len(layout.targets))
    whole = np.where((layout.expected > 0) | layout.empty_land, WHOLE_COVERAGE, 0).astype(np.int32)
    reported, coverage = np.broadcast_to(layout.expected, shape), np.broadcast_to(whole, shape).copy()
    chosen = np.logical_or.reduce(block.missing, axis=0)[layout.part_columns]
    if not chosen.any():
        return reported, coverage
    targets = layout.part_targets[chosen]
    lacking = by_target(np.add, block.missing.take(layout.part_columns[chosen], axis=1), targets, np.int64)
    at = targets[first_of_each(targets)]
    reported = reported.copy()
    reported[:, at] -= lacking
    row, column = np.nonzero(lacking)
    coverage[row, at[column]] = _coverage(reported[row, at[column]], layout.expected[at[column]])
    return reported, coverage


def _coverage(reported: Ints, expected: Ints) -> npt.NDArray[np.int32]:
    """Shares in millionths."""
    pairs, place = np.unique((expected << 32) | reported, return_inverse=True)
    millionths = [_millionths(pair & (2**32 - 1), pair >> 32) for pair in pairs.tolist()]
    return np.array(millionths, np.int32)[place]


@lru_cache(maxsize=4096)
def _millionths(reported: int, expected: int) -> int:
    """Rounded by the same expression as in `engine.restate`."""
    frame = pl.DataFrame({"reported": [reported], "expected": [expected]})
    share: Decimal = frame.select((pl.col("reported") / pl.col("expected")).round(6).cast(COVERAGE)).item()
    return int(share.scaleb(6))


def _worst(block: Block, layout: Layout) -> Bytes:
    """The last of the statuses of a new area's sources."""
    worst = np.full((len(block.values), len(layout.targets)), _NORMAL, np.int8)
    if block.status is None:
        return worst
    chosen = np.maximum.reduce(block.status, axis=0)[layout.part_columns] > 0
    targets = layout.part_targets[chosen]
    if len(targets):
        at = targets[first_of_each(targets)]
        worst[:, at] = by_target(np.maximum, block.status.take(layout.part_columns[chosen], axis=1), targets)
    return worst


def _keeps_its_word(block: Block, layout: Layout, worst: Bytes, reported: Ints) -> Bools:
    """Where a missing figure keeps its status: any source is suppressed, or all say M, or all say L."""
    kept = worst == _Q
    if block.status is None:
        return kept
    told = ((worst == _M) | (worst == _L)) & (reported == 0)
    chosen = told.any(axis=0)[layout.part_targets]
    if not chosen.any():
        return kept
    targets = layout.part_targets[chosen]
    at = targets[first_of_each(targets)]
    best = by_target(np.minimum, block.status.take(layout.part_columns[chosen], axis=1), targets)
    kept[:, at] |= told[:, at] & (best == worst[:, at])
    return kept


def _mark_whole(estimated: Bools, block: Block, layout: Layout) -> None:
    """Mark new areas with a whole part that is whole by an estimate."""
    if not len(layout.marked):
        return
    targets = layout.part_targets[layout.marked]
    there = ~block.missing.take(layout.part_columns[layout.marked], axis=1)
    estimated[:, targets[first_of_each(targets)]] = by_target(np.logical_or, there, targets)
