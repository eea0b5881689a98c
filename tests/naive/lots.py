"""Follows every lot of land by name: what anybody can know who reads the changes and nothing else.

Each area starts as one lot. A cut divides every lot of the area into as many lots as the cut has rows, since nothing
says where which of them went. A `part` names lots that an area held on a day, and moves what has become of them. A
figure can be had exactly if and only if the area is made of whole areas of the other day. No lot is ever joined to
another, so this takes as much room as the history has cuts: a reference, not a way to do it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from indicators.areas import Change, Register

Lot = tuple[str, ...]
Map = dict[str, frozenset[Lot]]


def maps_of(register: Register, start: date) -> dict[date, Map]:
    """The lots of each area on the first day and after every day of change."""
    now: Map = {area.code: frozenset([(area.code,)]) for area in register.areas if area.in_force(start)}
    found = {start: dict(now)}
    by_day: dict[date, list[Change]] = defaultdict(list)
    for change in register.changes:
        by_day[change.effective].append(change)
    for number, day in enumerate(sorted(by_day)):
        moved: dict[str, set[Lot]] = defaultdict(set)
        for code in sorted({change.from_code for change in by_day[day]}):
            rows = [change for change in by_day[day] if change.from_code == code]
            left = set(now[code])
            for row in (row for row in rows if row.part):
                named = _named(row.part, found)
                taken = {lot for lot in left if any(lot[: len(old)] == old for old in named)}
                moved[row.to_code] |= taken
                left -= taken
            fresh = [row for row in rows if not row.part]
            for place, row in enumerate(fresh):
                cut = (f"{number}.{place}",) if len(fresh) > 1 else ()
                moved[row.to_code] |= {(*lot, *cut) for lot in left}
            now[code] = frozenset() if fresh else frozenset(left)
        for code, lots in moved.items():
            now[code] = now.get(code, frozenset()) | lots
        now = {code: lots for code, lots in now.items() if lots}
        found[day] = dict(now)
    return found


def _named(part: str, found: dict[date, Map]) -> frozenset[Lot]:
    code, _, day = part.rpartition("@")
    return found[max(known for known in found if known <= date.fromisoformat(day))][code]


def exact_areas(maps: dict[date, Map], first: date, last: date) -> set[str]:
    """The areas of the last day asked for that are made of whole areas of the first, in either direction."""
    given, wanted = (maps[max(known for known in maps if known <= day)] for day in (first, last))
    finest = {lot for lots in (given if first > last else wanted).values() for lot in lots}
    pieces = {lot: _holder(lot, given) for lot in finest}
    places = {lot: _holder(lot, wanted) for lot in finest}
    reached: dict[str, set[str]] = defaultdict(set)
    for lot in finest:
        reached[pieces[lot]].add(places[lot])
    mixed = {to for targets in reached.values() if len(targets) > 1 for to in targets}
    return set(wanted) - mixed


def _holder(lot: Lot, areas: Map) -> str:
    return next(code for code, lots in areas.items() if any(lot[:depth] in lots for depth in range(1, len(lot) + 1)))
