"""From pieces of territory to shares of the areas of two levels, forwards and backwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from indicators.areas import Register
from indicators.extent import ANY, FIRM, ONE, ZERO, Extent, tightened, together, worst
from indicators.territory import NEW_LAND, Piece
from indicators.weights import Held, amounts

Lifted = dict[str, dict[str, dict[str, list[Extent]]]]
"""Area of the first day -> area of the last day -> lowest area of the first day -> its extents there."""
Shares = dict[tuple[str, str], Extent]
"""What goes from an area of the first day to one of the last, as a share of one of them."""


def lift(pieces: Iterable[Piece], at_first: Mapping[str, str], at_last: Mapping[str, str]) -> Lifted:
    """The extents of pieces by the areas of both levels.

    Args:
        pieces: Of the lowest areas of the first day.
        at_first: The area of the first level that each lowest area of the first day lies in.
        at_last: The area of the last level that each lowest area of the last day lies in.
    """
    lifted: Lifted = {}
    for piece in pieces:
        old = at_first.get(piece.origin, NEW_LAND) if piece.origin else NEW_LAND
        new = at_last.get(piece.area, "") if piece.area else ""
        lifted.setdefault(old, {}).setdefault(new, {}).setdefault(piece.origin, []).append(piece.extent)
    return lifted


def shares_forwards(lifted: Lifted) -> Shares:
    """What each area of the first day gives, as shares of that area."""
    shares: Shares = {}
    for old, targets in lifted.items():
        if old == NEW_LAND:
            shares.update({(old, new): together(next(iter(leaves.values()))) for new, leaves in targets.items()})
            continue
        extents = tightened([_extent_of(leaves, _leaf_count(targets)) for leaves in targets.values()])
        shares.update({(old, new): extent for new, extent in zip(targets, extents, strict=True)})
    return shares


def _leaf_count(targets: Mapping[str, Mapping[str, list[Extent]]]) -> int:
    return len({leaf for leaves in targets.values() for leaf in leaves})


def _extent_of(leaves: Mapping[str, list[Extent]], leaf_count: int) -> Extent:
    """What several lowest areas of one area carry to a target, as a share of that area."""
    parts = [together(extents) for extents in leaves.values()]
    law = frozenset[str]().union(*(part.law for part in parts))
    if leaf_count == 1:
        return parts[0]
    if all(part.is_nothing for part in parts):
        return Extent(ZERO, ZERO, ZERO, worst(part.quality for part in parts), law)
    return Extent(ANY.lower, ANY.upper, ANY.share, ANY.quality, law)


def shares_backwards(ahead: Shares, held: Mapping[str, Held]) -> Shares:
    """What each area of the last day owes to those of the first, as shares of that later area.

    Shares are firm where every amount is, and all are of one day; otherwise they are estimates, which leave the bounds
    open.

    Args:
        ahead: `shares_forwards`.
        held: What each area of the first day held of the basis, by `amounts_held`.
    """
    by_new: dict[str, dict[str, Extent]] = defaultdict(dict)
    for (old, new), extent in ahead.items():
        by_new[new][old] = extent
    shares: Shares = {}
    for new, sources in by_new.items():
        counted = {old: extent for old, extent in sources.items() if not extent.is_nothing and old != NEW_LAND}
        owed = _owed(counted, held, certain=NEW_LAND not in sources)
        for old, extent in sources.items():
            if old not in counted:
                shares[old, new] = Extent(ZERO, ZERO, ZERO, extent.quality, extent.law)
            elif len(counted) == 1 and NEW_LAND not in sources:  # what was no area's may hold some of it today
                shares[old, new] = Extent(ONE, ONE, ONE, "whole", extent.law)
            else:
                shares[old, new] = replace(owed.get(old, ANY), law=extent.law)
    return shares


def _owed(counted: Mapping[str, Extent], held: Mapping[str, Held], *, certain: bool) -> dict[str, Extent]:
    """The shares of the areas that something came from; none where an amount or a share of one is not known.

    Args:
        counted: What each of them gave, as a share of itself.
        held: What they held.
        certain: Whether nothing came from elsewhere.
    """
    carried = {
        old: held[old].amount * extent.share
        for old, extent in counted.items()
        if old in held and extent.share is not None
    }
    total = sum(carried.values(), ZERO)
    if len(carried) < len(counted) or total == ZERO:
        return {}
    quality = worst([*(extent.quality for extent in counted.values()), *(held[old].quality for old in counted)])
    exact = all(extent.lower == extent.upper for extent in counted.values())
    firm = certain and exact and quality in FIRM and len({held[old].day for old in counted}) == 1
    if firm:
        return {old: Extent(part / total, part / total, part / total, quality) for old, part in carried.items()}
    estimate = worst([quality, "estimated"])
    return {old: Extent(ZERO, ONE, part / total, estimate) for old, part in carried.items()}


def amounts_held(register: Register, day: date, weight: str | None, at: Mapping[str, str]) -> dict[str, Held]:
    """What the areas of a level held of a basis on a day; only those whose lowest areas are all known.

    Amounts of several days make an estimate: they differ by growth as well.

    Args:
        register: Has the amounts.
        day: When.
        weight: The basis; None: nothing is known.
        at: The area of the level that each lowest area lies in.
    """
    known = amounts(register, day, weight) if weight else {}
    parents = {area.parent for area in register.on(day).values()}
    lowest: dict[str, list[str]] = defaultdict(list)
    for code in at:
        if code not in parents:
            lowest[at[code]].append(code)
    found = {}
    for above, codes in lowest.items():
        parts = [known[code] for code in codes if code in known]
        if len(parts) == len(codes):
            days = {part.day for part in parts}
            quality = worst([*(part.quality for part in parts), *(["estimated"] if len(days) > 1 else [])])
            found[above] = Held(sum((part.amount for part in parts), ZERO), quality, min(days))
    return found


def same_territory(
    pieces: Iterable[Piece], at_first: Mapping[str, str], at_last: Mapping[str, str]
) -> set[tuple[str, str]]:
    """The pairs of areas that are the very same land, whether anybody lives on it or not."""
    to_new: dict[str, set[str]] = defaultdict(set)
    to_old: dict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        old = at_first.get(piece.origin, NEW_LAND) if piece.origin else NEW_LAND
        new = at_last.get(piece.area, "") if piece.area else ""
        to_new[old].add(new)
        to_old[new].add(old)
    return {
        (old, new)
        for old, news in to_new.items()
        for new in news
        if old and new and len(news) == 1 and len(to_old[new]) == 1
    }
