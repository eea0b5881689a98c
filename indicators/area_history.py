"""What became of an area and what it came from: the whole chain of changes, for any level.

An area of a higher level (a province, a district) is the set of the areas below it, so its history is derived from
theirs. A code may mean different areas on different days; `meanings` tells them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from indicators.area_flows import DAY, derived_kind, leaves, up
from indicators.areas import Area, Change, Register
from indicators.territory import trace


@dataclass(frozen=True)
class Step:
    """One event in the history of an area: territory of one area became territory of another.

    Attributes:
        day: The day from which it holds.
        kind: One of the kinds of change; for higher levels derived from the changes below.
        from_area: The area on the day before; None: land that belonged to no area.
        to_area: The area on the day; None: land that leaves.
        law: Legal bases.
        note: The words of the change itself; empty where it is derived.
        changes: How many changes of lower areas it is derived from; 0: it is a change itself.
    """

    day: date
    kind: str
    from_area: Area | None
    to_area: Area | None
    law: tuple[str, ...]
    note: str = ""
    changes: int = 0


@dataclass(frozen=True)
class History:
    """The history of one area as it was on a day.

    Attributes:
        area: The version in force on the day.
        came_from: The events up to and on the day, oldest first.
        became: The events after the day, oldest first.
    """

    area: Area
    came_from: tuple[Step, ...]
    became: tuple[Step, ...]


def history(register: Register, code: str, day: date) -> History | None:
    """What an area came from and what became of it.

    Args:
        register: The areas and changes.
        code: The code of the area.
        day: The day on which the code is meant; a change on this very day has happened.

    Returns:
        The history, or None if the code means nothing on the day.
    """
    area = register.area(code, day)
    if area is None:
        return None
    walk = _Walk(register, area, day)
    return History(area, tuple(walk.back()), tuple(walk.forth()))


@dataclass(frozen=True)
class Meaning:
    """One territory that a code means, from a day until the day before `valid_to` (None: still).

    A new name or type is no new meaning; land that comes or goes is one.
    """

    versions: tuple[Area, ...]
    valid_from: date
    valid_to: date | None


def meanings(register: Register, code: str) -> tuple[Meaning, ...]:
    """The territories that a code has meant, oldest first; empty if the code never existed."""
    rows: dict[date, list[Change]] = defaultdict(list)
    for change in register.changes:
        rows[change.effective].append(change)
    found: list[Meaning] = []
    for version in register.versions(code):
        inside = [day for day in rows if version.valid_from < day and (not version.valid_to or day < version.valid_to)]
        starts = [version.valid_from, *sorted(inside)]
        for start, end in zip(starts, [*starts[1:], version.valid_to], strict=True):
            last = found[-1] if found else None
            if last is not None and last.valid_to == start and _stays(register, code, start, rows.get(start, [])):
                versions = last.versions if version in last.versions else (*last.versions, version)
                found[-1] = Meaning(versions, last.valid_from, end)
            else:
                found.append(Meaning((version,), start, end))
    return tuple(found)


def _stays(register: Register, code: str, day: date, rows: Iterable[Change]) -> bool:
    """Whether a code means the same territory on a day as on the day before."""
    before, after = leaves(register, {code}, day - DAY), leaves(register, {code}, day)
    touching = [row for row in rows if row.from_code in before or row.to_code in after]
    kept = before - {row.from_code for row in touching} == after - {row.to_code for row in touching}
    return not touching or (kept and all(row.from_code in before and row.to_code in after for row in touching))


class _Walk:
    """Follows the territory of one area from event to event."""

    def __init__(self, register: Register, area: Area, day: date) -> None:
        self.register, self.area, self.day = register, area, day
        self.start = leaves(register, {area.code}, day)
        self.rows: dict[date, list[Change]] = defaultdict(list)
        for change in register.changes:
            self.rows[change.effective].append(change)
        self.has_parts = any(change.part for change in register.changes)

    def forth(self) -> list[Step]:
        """The events after the day, oldest first."""
        held, steps = self.start, []
        for day in sorted(day for day in self.rows if day > self.day):
            held = leaves(self.register, held, day - DAY)
            rows = [row for row in self.rows[day] if row.from_code in held]
            gone = {row.from_code for row in rows if not row.part}
            after = (held - gone) | {row.to_code for row in rows if row.to_code}
            if self.has_parts:
                pieces = trace(self.register, self.day, day, None)
                after &= {piece.area for piece in pieces if piece.origin in self.start}
                rows = [row for row in rows if row.to_code in after or not row.to_code]
            steps += self._steps(day, rows, held)
            held = after
        return steps

    def back(self) -> list[Step]:
        """The events up to and on the day, oldest first."""
        held, at, steps = self.start, self.day, list[Step]()
        for day in sorted((day for day in self.rows if day <= self.day), reverse=True):
            held = self._carry_back(held, at, day)
            rows = [row for row in self.rows[day] if row.to_code in held]
            gone = {row.from_code for row in self.rows[day] if not row.part}
            entered = {row.to_code for row in rows}
            at = day - DAY
            stay = {c for c in held - gone if c not in entered or self.register.area(c, at) is not None}
            before = self._carry_back(frozenset(stay), day, at) | {row.from_code for row in rows if row.from_code}
            if self.has_parts:
                pieces = trace(self.register, at, self.day, None)
                before &= {piece.origin for piece in pieces if piece.area in self.start}
                rows = [row for row in rows if row.from_code in before or not row.from_code]
            steps = self._steps(day, rows, before) + steps
            held = before
        return steps

    def _carry_back(self, codes: frozenset[str], at: date, day: date) -> frozenset[str]:
        """The lowest areas of a day that held what these areas of a later day hold, no change lying between."""
        top = self.register.levels.index(self.area.level)
        found = set()
        for code in codes:
            area = self.register.area(code, at)
            while area is not None and area.valid_from > day:
                start = area.valid_from  # with no change into it, what opened that day was part of the area above
                area = self.register.area(area.code, start - DAY) or self.register.area(area.parent, start)
            if area is not None and self.register.levels.index(area.level) >= top:
                found.add(area.code)
        return leaves(self.register, found, day)

    def _steps(self, day: date, rows: list[Change], before: Iterable[str]) -> list[Step]:
        """The events of one day at the level of the area asked for."""
        level, eve = self.area.level, day - DAY
        grouped: dict[tuple[str, str], list[Change]] = defaultdict(list)
        steps: dict[tuple[str, str], Step] = {}
        for row in rows:
            source = up(self.register, row.from_code, eve, level) if row.from_code else ""
            target = up(self.register, row.to_code, day, level) if row.to_code else ""
            grouped[source, target].append(row)
        for pair, below in grouped.items():
            if pair == (below[0].from_code, below[0].to_code):
                steps[pair] = self._own(below[0])
            elif kind := derived_kind(self.register, day, level, *pair):
                steps[pair] = self._derived(day, kind, pair, below)
        ups = {up(self.register, code, eve, level) for code in before} - set(before)
        for row in self.rows[day]:  # a new name or type of a higher level is a change of its own
            if row.from_code in ups and row.from_code == row.to_code:
                steps[row.from_code, row.to_code] = self._own(row)
        return [steps[pair] for pair in sorted(steps)]

    def _own(self, row: Change) -> Step:
        old, new = self._ends(row.effective, row.from_code, row.to_code)
        return Step(row.effective, row.kind, old, new, (row.legal_basis,) if row.legal_basis else (), row.note)

    def _derived(self, day: date, kind: str, pair: tuple[str, str], below: list[Change]) -> Step:
        old, new = self._ends(day, *pair)
        if new is not None and new.level == self.area.level and new.legal_basis:
            law: tuple[str, ...] = (new.legal_basis,)
        else:
            law = tuple(sorted({row.legal_basis for row in below if row.legal_basis}))
        return Step(day, kind, old, new, law, changes=len(below))

    def _ends(self, day: date, source: str, target: str) -> tuple[Area | None, Area | None]:
        old = self.register.area(source, day - DAY) if source else None
        return old, self.register.area(target, day) if target else None
