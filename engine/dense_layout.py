"""Where everything lies in a dense block of figures: how the areas of a correspondence become column numbers.

A block has one row for each series and one column for each old area, plus a last column that is always zero. For each
new area the layout lists the columns of its whole sources one behind the other, so that one `reduceat` adds all of them
up; a new area without whole sources has the zero column instead. Cut areas are kept apart: their pieces are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.apportion import pieces_frame
from indicators.correspondence import Correspondence, Pair

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LARGEST = 2**62
"""No sum of figures and no product of a figure and a share may reach this; beyond it the general path takes over."""


@dataclass(frozen=True)
class Pieces:
    """The pieces of cut areas, ordered by old area, then new area; what stays unallocated comes last.

    Attributes:
        columns: The column of each piece's old area.
        targets: The number of each piece's new area, or -1: unallocated.
        part: Its share, of `parts`; `low` and `high` are its bounds.
        known, firm: As in `engine.apportion`.
        starts: The first piece of each old area.
        rivals: Pairs of pieces of the same old area: the places of both, ordered by the first.
        by_target: The pieces that go to a new area, ordered by it.
    """

    columns: Ints
    targets: Ints
    part: Ints
    parts: Ints
    low: Ints
    high: Ints
    known: Bools
    firm: Bools
    starts: Ints
    rivals: tuple[Ints, Ints]
    by_target: Ints


@dataclass(frozen=True)
class Layout:
    """How a block of old areas is added up to new areas.

    Attributes:
        targets: Codes of the new areas, ordered; then an empty code where land left every area.
        shown: How many of them are areas.
        sources: The columns of every old area of the level.
        whole_columns: The columns of whole sources, by new area; `whole_starts`: where each new area's begin.
        column_starts: For each column, where its parts begin in `column_targets`; and where the last one's end.
        column_targets: The new area of every part, whole or piece, by column.
        marked_columns: The columns of whole parts whose wholeness is not law, by new area; `marked_targets`: that area.
        special: It has a piece or such a part.
        expected: How many old areas count for each new area.
        same: It is one old area, the very same land.
        empty_land: Nothing that is counted came with it.
        most: The largest figure that the pieces can be worked out for.
    """

    targets: tuple[str, ...]
    shown: int
    sources: Ints
    whole_columns: Ints
    whole_starts: Ints
    column_starts: Ints
    column_targets: Ints
    marked_columns: Ints
    marked_targets: Ints
    special: Bools
    expected: Ints
    same: Bools
    empty_land: Bools
    pieces: Pieces
    most: int


def lay_out(areas: Correspondence, codes: Sequence[str], signed: bool) -> Layout:
    """The layout of a correspondence.

    Args:
        areas: How the areas map.
        codes: The columns of a block; every area of `areas.from_areas` is among them.
        signed: Figures may be negative.
    """
    column = {code: place for place, code in enumerate(codes)}
    given = [pair for pair in areas.pairs if pair.from_area and pair.upper > 0]
    targets = sorted(areas.to_areas) + ([""] if any(not pair.to_area for pair in given) else [])
    number = {code: place for place, code in enumerate(targets)}
    parts = sorted(given, key=lambda pair: number[pair.to_area])
    whole = [pair for pair in parts if pair.whole]
    bare = set(targets) - {pair.to_area for pair in whole}
    filled = [(number[pair.to_area], column[pair.from_area]) for pair in whole]
    filled = sorted([*filled, *((number[code], len(codes)) for code in bare)])
    part_targets = _ints(number[pair.to_area] for pair in parts)
    part_columns = _ints(column[pair.from_area] for pair in parts)
    expected = np.bincount(part_targets, minlength=len(targets))
    marked = _ints(i for i, pair in enumerate(parts) if pair.whole and pair.quality not in ("whole", "law"))
    special = np.zeros(len(targets), bool)
    special[_ints(i for i, pair in zip(part_targets, parts, strict=True) if not pair.whole)] = True
    special[part_targets[marked]] = True
    from_somewhere = {pair.to_area for pair in areas.pairs if pair.from_area}
    same = {pair.to_area for pair in areas.pairs if pair.same and pair.from_area}
    pieces, most = _pieces([pair for pair in given if not pair.whole], column, number, signed)
    return Layout(
        targets=tuple(targets),
        shown=len(areas.to_areas),
        sources=_ints(column[code] for code in areas.from_areas),
        whole_columns=_ints(place for _, place in filled),
        whole_starts=first_of_each(_ints(target for target, _ in filled)),
        column_starts=np.append(0, np.cumsum(np.bincount(part_columns, minlength=len(codes) + 1))),
        column_targets=part_targets[np.argsort(part_columns, kind="stable")],
        marked_columns=part_columns[marked],
        marked_targets=part_targets[marked],
        special=special,
        expected=expected,
        same=np.array([code in same for code in targets], bool),
        empty_land=np.array([code in from_somewhere for code in targets], bool) & (expected == 0),
        pieces=pieces,
        most=most,
    )


def first_of_each(ordered: Ints) -> Ints:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.diff(ordered, prepend=-2))


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)


def _pieces(pairs: list[Pair], column: dict[str, int], number: dict[str, int], signed: bool) -> tuple[Pieces, int]:
    frame = pieces_frame(pairs, signed).sort("from_area", "to_area", nulls_last=True)
    largest = max([1, *frame["parts"].to_list()])
    if largest >= LARGEST:  # no figure but zero can be worked out; the shares are of no matter
        frame = frame.with_columns(pl.lit(0, pl.Int128).alias(name) for name in ("part", "parts", "low", "high"))
    columns = _ints(column[code] for code in frame["from_area"])
    targets = _ints(-1 if code is None else number[code] for code in frame["to_area"])
    starts = first_of_each(columns) if len(columns) else columns
    ends = np.append(starts[1:], len(columns))
    groups = zip(starts, ends, strict=False)
    rivals = [(i, j) for a, b in groups for i in range(a, b) for j in range(a, b)]
    allocated = np.flatnonzero(targets >= 0)
    whole = {name: _ints(frame[name].fill_null(0)) for name in ("part", "parts", "low", "high")}
    marks = {name: np.array(frame[name].fill_null(value=False), bool) for name in ("known", "firm")}
    pieces = Pieces(
        columns=columns,
        targets=targets,
        part=whole["part"],
        parts=whole["parts"],
        low=whole["low"],
        high=whole["high"],
        known=marks["known"],
        firm=marks["firm"],
        starts=starts,
        rivals=(_ints(i for i, _ in rivals), _ints(j for _, j in rivals)),
        by_target=allocated[np.argsort(targets[allocated], kind="stable")],
    )
    return pieces, LARGEST // largest
