"""Shares of cut pieces from amounts that were observed: what the areas of either day held of another measure.

Weights come in a stated order. Within `weights.csv` the better quality wins (law, measured, estimated, placeholder),
then the row that stands first. Observed amounts come after the whole file: they fill a gap, they replace nothing. Among
them the day before the changes comes before the day after, and a whole is always shared by the amounts of one day: two
days' amounts differ by growth, and growth is not territory. For the same reason nothing is ever taken as the difference
of two days' amounts. A share from observed amounts is an estimate, so it never tightens what is certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from indicators.areas import Register
from indicators.extent import ONE, ZERO, Extent, together
from indicators.territory import NEW_LAND, Piece

Observed = Mapping[date, Mapping[str, Decimal]]
"""The day whose areas are meant, to area code (of any level) to the amount observed there."""
Pairs = dict[tuple[str, str], Extent]
Amounts = Mapping[tuple[str, str], Fraction]
Places = tuple[Mapping[str, str], Mapping[str, str]]
"""On the first and on the last day: lowest area to the area of the level that it lies in."""


def amounts_on(register: Register, observed: Observed, day: date) -> dict[str, Fraction]:
    """The amounts of the areas of a day, from observations of a day since or until which no territory moved.

    An area that was not observed has the sum of the areas below it, where all of those are known.
    """
    fitting = [seen for seen in observed if not any(min(seen, day) < d <= max(seen, day) for d in register.change_days)]
    known: dict[str, Fraction] = {}
    in_force, children = register.on(day), register.children(day)
    for seen in sorted(fitting, key=lambda one: (one != day, one)):
        for code, amount in observed[seen].items():
            if code in in_force:
                known.setdefault(code, Fraction(amount))
    depth = {level: place for place, level in enumerate(register.levels)}
    for code in sorted(children, key=lambda one: (-depth[in_force[one].level], one)):
        below = [known.get(child) for child in children[code]]
        if code not in known and None not in below:
            known[code] = sum((amount for amount in below if amount is not None), ZERO)
    return known


def with_observed(
    pairs: Pairs, forwards: Pairs, pieces: Sequence[Piece], at: Places,
    held: tuple[Mapping[str, Fraction], Mapping[str, Fraction]], *, backwards: bool,
) -> Pairs:  # fmt: skip
    """The shares with the gaps filled that observed amounts can fill.

    Args:
        pairs: (earlier area, later area) to what is known of the share; of the later area where `backwards`.
        forwards: The same pairs with what is known of the share of the earlier area.
        pieces: The territory that they are made of.
        at: The area of the level that each lowest area lies in, on the first and on the last day.
        held: The amounts of areas on the first and on the last day.
        backwards: Whether the shares are of the later areas.
    """
    sets = [_by_first(forwards, pieces, at, held[0]), _by_last(forwards, pieces, at, held[1])]
    wholes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair, extent in pairs.items():
        if not extent.is_nothing and pair[0] != NEW_LAND:
            wholes[pair[backwards]].append(pair)
    filled = dict(pairs)
    for slices in wholes.values():
        gaps = [pair for pair in slices if pairs[pair].share is None]
        rest = ONE - sum((share for pair in slices if (share := pairs[pair].share) is not None), ZERO)
        for known in sets:
            total = sum((known.get(pair, ZERO) for pair in gaps), ZERO)
            if total > ZERO and all(pair in known for pair in gaps):
                filled.update({pair: _estimate(pairs[pair], rest * known[pair] / total) for pair in gaps})
                break
    return filled


def _estimate(extent: Extent, share: Fraction) -> Extent:
    return replace(extent, share=share, quality="estimated")


def _by_first(forwards: Pairs, pieces: Sequence[Piece], at: Places, held: Mapping[str, Fraction]) -> Amounts:
    """What each pair carries by the amounts of the earlier areas, or of the lowest areas that they consist of."""
    leaves: dict[tuple[str, str], dict[str, list[Extent]]] = defaultdict(dict)
    for piece in pieces:
        leaves[_pair(piece, at)].setdefault(piece.origin, []).append(piece.extent)
    found: dict[tuple[str, str], Fraction] = {}
    for pair, origins in leaves.items():
        share = forwards[pair].share if pair in forwards else None
        if share is not None and pair[0] in held:
            found[pair] = share * held[pair[0]]
            continue
        parts = [(together(extents).share, held.get(origin)) for origin, extents in origins.items()]
        amounts = [s * amount for s, amount in parts if s is not None and amount is not None]
        if len(amounts) == len(parts):
            found[pair] = sum(amounts, ZERO)
    return found


def _by_last(forwards: Pairs, pieces: Sequence[Piece], at: Places, held: Mapping[str, Fraction]) -> Amounts:
    """What each pair carries by the amounts of the later areas that hold nothing else."""
    sources: dict[str, set[str]] = defaultdict(set)
    leaves: dict[tuple[str, str], set[str]] = defaultdict(set)
    whole: dict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        pair = _pair(piece, at)
        if not piece.extent.is_nothing and pair in forwards and not forwards[pair].is_nothing:
            sources[piece.area].add(pair[0])
            whole[pair[1]].add(pair[0])
            leaves[pair].add(piece.area)
    found: dict[tuple[str, str], Fraction] = {}
    for pair, areas in leaves.items():
        if len(whole[pair[1]]) == 1 and pair[1] in held:
            found[pair] = held[pair[1]]
        elif all(len(sources[area]) == 1 and area in held for area in areas):
            found[pair] = sum((held[area] for area in areas), ZERO)
    return found


def _pair(piece: Piece, at: Places) -> tuple[str, str]:
    return at[0].get(piece.origin, NEW_LAND), at[1].get(piece.area, "")
