"""Shares of an area that was merged, from the weights of the day on which the very same pieces left it again.

A and B became AB, and later AB was cut into what A was and what B was: what each carries of AB then is a share of AB,
whichever way figures of AB are taken. It fills a gap only: amounts given for the merger itself come first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from indicators.areas import Register
from indicators.extent import Extent, tightened, together
from indicators.level_shares import Shares
from indicators.territory import NEW_LAND, Piece, trace


def with_later_cuts(
    shares: Shares, register: Register, days: tuple[date, date], weight: str | None, at: Sequence[Mapping[str, str]]
) -> Shares:
    """The shares of later areas, with gaps filled by weights of a day on which what had been merged was cut again.

    Args:
        shares: Of the later areas, by `shares_backwards`.
        register: The areas, changes and weights.
        days: The first and the last day of the shares.
        weight: The basis; None: nothing is known.
        at: The area of the level that each lowest area lies in, on the first and on the last day.
    """
    gaps: dict[str, list[str]] = defaultdict(list)
    for old, new in shares:
        gaps[new].append(old)
    unknown = {new for (_, new), extent in shares.items() if extent.share is None}
    open_ones = {new: olds for new, olds in gaps.items() if new in unknown and new and NEW_LAND not in olds}
    weighed = {(one.effective, one.from_code) for one in register.weights if one.basis == weight}
    again = {one.effective for one in register.changes if one.part and (one.effective, one.from_code) in weighed}
    filled = dict(shares)
    for day in sorted(day for day in again if day > days[1]):
        if not open_ones:
            break
        before, after = trace(register, days[0], day, None), trace(register, days[1], day, weight)
        origins, areas = _origins(before, at[0]), _origins(after, at[1])
        for new, olds in list(open_ones.items()):
            found = _shares_of(new, olds, after, origins, areas)
            if found is not None:
                for old, extent in found.items():
                    filled[old, new] = replace(extent, law=shares[old, new].law)
                del open_ones[new]
    return filled


def _origins(pieces: Iterable[Piece], at: Mapping[str, str]) -> dict[str, set[str]]:
    """The areas of a level of which something lies in each lowest area of the later day."""
    found: dict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        found[piece.area].add(at.get(piece.origin, NEW_LAND))
    return found


def _shares_of(
    new: str,
    olds: Sequence[str],
    after: Iterable[Piece],
    origins: Mapping[str, set[str]],
    areas: Mapping[str, set[str]],
) -> dict[str, Extent] | None:
    """What each of the old areas carries of the new one; None where the pieces are not just those areas."""
    carried: dict[str, list[Extent]] = {old: [] for old in olds}
    for piece in after:
        if piece.origin != new:
            continue
        inside = origins.get(piece.area, set())
        if len(inside) != 1 or not inside <= carried.keys() or areas[piece.area] != {new}:
            return None
        carried[next(iter(inside))].append(piece.extent)
    if not all(carried.values()):
        return None
    found = tightened([together(extents) for extents in carried.values()])
    return dict(zip(carried, found, strict=True)) if all(extent.share is not None for extent in found) else None
