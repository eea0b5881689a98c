"""The areas that were cut and of which nothing says how much each piece carries: what somebody still has to find out.

Only cuts that `changes.csv` states are listed. A level that becomes known later (communes of which nothing was known
before) is no cut that a weight could be given for. An area whose parts are called back (`part`) is cut as well, for
figures of a day on which the parts already lay in it as one.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from indicators.area_files import WEIGHTS_HEADER
from indicators.area_search import above
from indicators.areas import Area, Change, Register
from indicators.extent import Extent
from indicators.territory import row_shares, trace
from indicators.weights import best_weights

DAY = timedelta(days=1)

Cut = list[tuple[str, Extent]]
"""The areas that got a piece, in the order of the changes, with what they got; empty where nothing was cut."""


@dataclass(frozen=True)
class MissingSplit:
    """One area that was cut, some of whose pieces have no share in a basis.

    Attributes:
        effective: The day of the cut.
        area: The area on the day before.
        within: The highest area that it lay in, or itself.
        basis: What the shares would be of: population, area, households, ...
        pieces: The codes that got a piece without a share, in the order of the changes; empty for land that left.
        known: The codes whose piece has a share, with the share and its quality.
        law: The legal bases of the cut.
    """

    effective: date
    area: Area
    within: Area
    basis: str
    pieces: tuple[str, ...]
    known: tuple[tuple[str, Fraction, str], ...]
    law: tuple[str, ...]


def missing_weights(
    register: Register, basis: str, first: date | None = None, last: date | None = None
) -> list[MissingSplit]:
    """The cuts that lack a share, those with the most pieces first.

    Args:
        register: The areas, changes and weights.
        basis: What the shares are of.
        first: Only cuts after this day (it is the day whose areas are known); None: from the beginning.
        last: Only cuts up to and on this day; None: to the end.

    Returns:
        One entry for each cut with a piece whose share nothing says, in an order of its own.
    """
    weights = best_weights(register.weights, basis)
    found = []
    for (day, code), rows in _changed(register, first, last).items():
        parts, others = [row for row in rows if row.part], [row for row in rows if not row.part]
        if parts and (first is None or _divided(register, first, day, code, parts, others)):
            targets = _called_back(register, basis, rows)
        elif len(others) > 1:  # a `part` moves whole; these share what is left
            extents = row_shares(weights, parts, others)
            targets = [(row.to_code, extent) for row, extent in zip(others, extents, strict=True)]
        else:
            targets = []
        pieces = tuple(to for to, extent in targets if extent.share is None)
        known = tuple((to, extent.share, extent.quality) for to, extent in targets if extent.share is not None)
        area = register.area(code, day - DAY)
        if pieces and area is not None:
            within = (above(register, area, day - DAY) or (area,))[-1]
            law = tuple(sorted({row.legal_basis for row in rows if row.legal_basis}))
            found.append(MissingSplit(day, area, within, basis, pieces, known, law))
    return sorted(found, key=lambda split: (-len(split.pieces), split.effective, split.area.code))


def _changed(register: Register, first: date | None, last: date | None) -> dict[tuple[date, str], list[Change]]:
    """The rows of every area that changed, by day."""
    rows: dict[tuple[date, str], list[Change]] = defaultdict(list)
    for change in register.changes:
        after = first is None or change.effective > first
        if change.from_code and after and (last is None or change.effective <= last):
            rows[change.effective, change.from_code].append(change)
    return rows


def _called_back(register: Register, basis: str, rows: list[Change]) -> Cut:
    """What the parts and the pieces of the rest of an area carry of its figures of the day before.

    What stays in the area without a row of its own is no piece that a weight could be given for: it is what the others
    leave.
    """
    day, code = rows[0].effective, rows[0].from_code
    carried = {piece.area: piece.extent for piece in trace(register, day - DAY, day, basis) if piece.origin == code}
    named = dict.fromkeys(row.to_code for row in rows)
    return [(to, carried[to]) for to in named if to in carried] if len(carried) > 1 else []


def _divided(register: Register, first: date, day: date, code: str, parts: list[Change], others: list[Change]) -> bool:
    """Whether parts of an area set land apart that lay in one area on the first day.

    Where the areas of the first day are the parts themselves, each goes its way whole.
    """
    apart, targets = {row.to_code for row in parts}, {code, *(row.to_code for row in [*parts, *others])}
    inside = {piece.origin for piece in trace(register, first, day - DAY, None) if piece.area == code}
    reached: dict[str, set[str]] = defaultdict(set)
    for piece in trace(register, first, day, None):
        if piece.origin in inside and piece.area in targets:
            reached[piece.origin].add(piece.area)
    return any(len(areas) > 1 and areas & apart for areas in reached.values())


def weights_template(splits: Iterable[MissingSplit]) -> str:
    """Rows of `weights.csv` to fill in and add to it: one for each piece without a share, ordered by area and piece.

    `value` (an amount) or `share`, `quality` (law, measured, estimated, placeholder) and `source` are left to fill in.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(WEIGHTS_HEADER)
    for split in sorted(splits, key=lambda one: (one.basis, one.effective, one.area.code)):
        for piece in split.pieces:
            writer.writerow([split.effective.isoformat(), split.area.code, piece, split.basis, "", "", "", ""])
    return out.getvalue()
