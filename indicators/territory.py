"""Follows territory through the chain of changes: which pieces of the areas of one day lie in which areas of another.

An area of the lowest known level holds pieces. A change moves pieces, cuts them, or calls a piece back by the area that
once held it (`part`). Ratios of areas are never chained: what is followed is territory, so that a merger which is later
undone comes out exact. Pieces of one origin that nothing later tells apart are kept as one, so that long chains of
changes stay small.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators.areas import Change, Register, Weight
from indicators.extent import ANY, WHOLE, Extent, cut, cut_shares, narrowed, rest_of, shares_of_rest, together
from indicators.weights import best_weights

Tag = tuple[str, date]
"""A part that a later change calls back: all that a code held on a day."""
Key = tuple[str, frozenset[Tag]]
Holding = dict[Key, list[Extent]]
WeightKey = tuple[date, str, str]

NEW_LAND = ""
"""The origin of territory that belonged to no area."""


@dataclass(frozen=True)
class Piece:
    """Territory of `origin` (an area of the first day) that lies in `area` on the last day."""

    origin: str
    area: str
    extent: Extent


def trace(register: Register, first: date, last: date, basis: str | None) -> list[Piece]:
    """Follow all territory from the first day to the last (first <= last).

    Args:
        register: The areas, changes and weights.
        first: The day whose areas are the origins.
        last: The day whose areas hold the pieces; a change on this very day has happened.
        basis: The basis of `weights.csv` that says how much a cut piece carries; None: nothing is known of it.

    Returns:
        One piece for each origin and area at the lowest known level, ordered by both; `area` is empty for land that
        left, `origin` for land that belonged to no area.
    """
    walk = _Walk(register, basis, first, last)
    for day in walk.days():
        walk.step(day)
    found = [
        Piece(origin, area, together(extents))
        for area, holding in walk.held.items()
        for origin, extents in _by_origin(holding).items()
    ]
    return sorted(found, key=lambda piece: (piece.origin, piece.area))


def _by_origin(holding: Holding) -> dict[str, list[Extent]]:
    grouped: dict[str, list[Extent]] = defaultdict(list)
    for (origin, _tags), extents in holding.items():
        grouped[origin].extend(extents)
    return grouped


@dataclass(frozen=True)
class Stray:
    """A row with a `part` that calls nothing back, and where the land that it names lies on that day."""

    change: Change
    lies_in: tuple[str, ...]


def strays(register: Register) -> tuple[list[Stray], list[tuple[str, date]]]:
    """The rows with a `part` of which nothing lies in the area named, and the areas that ended with land left over.

    An area whose rows of its last day all have a `part` must hold nothing else: what is left would belong to nobody.

    Args:
        register: Areas and changes that are sound one by one.

    Returns:
        The rows; and the code and the day of each such area.
    """
    used = [change for change in register.changes if change.part]
    if not used:
        return [], []
    first = min(part_tag(change.part)[1] for change in used)
    walk = _Walk(register, None, first, used[-1].effective)
    for day in walk.days():
        walk.step(day)
    return walk.stray, walk.left_over


def part_tag(part: str) -> Tag:
    """The code and day of a `part` reference, `CODE@DAY`."""
    code, _, day = part.rpartition("@")
    return code, date.fromisoformat(day)


class _Walk:
    """The state of the walk: what each area holds on the day reached."""

    def __init__(self, register: Register, basis: str | None, first: date, last: date) -> None:
        self.register, self.first, self.last = register, first, last
        self.weights = best_weights(register.weights, basis)
        self.changes: dict[date, list[Change]] = defaultdict(list)
        for change in register.changes:
            if change.effective <= last:
                self.changes[change.effective].append(change)
        self.last_use = {
            part_tag(change.part): change.effective
            for day in sorted(self.changes)
            for change in self.changes[day]
            if change.part
        }
        self.opens: dict[date, list[str]] = defaultdict(list)
        self.ends: dict[date, list[str]] = defaultdict(list)
        for area in register.areas:
            self.opens[area.valid_from].append(area.code)
            if area.valid_to is not None:
                self.ends[area.valid_to].append(area.code)
        self.start = self._start()
        parents = {area.parent for area in register.on(self.start).values()}
        self.held: dict[str, Holding] = {
            code: {("", frozenset()): [WHOLE]} for code in register.on(self.start) if code not in parents
        }
        self.tagged: set[str] = set()  # areas that may hold parts to be called back; the others need no look
        self.stray: list[Stray] = []
        self.left_over: list[tuple[str, date]] = []
        self._arrive(self.start)

    def _start(self) -> date:
        """The first day, or an earlier one on which a part was held that a later change calls back."""
        start = self.first
        while True:
            needed = [day for (_, day), used in self.last_use.items() if used > start and day < start]
            if not needed:
                return start
            start = min(needed)

    def days(self) -> list[date]:
        """The days after the start on which something may happen."""
        days = set(self.opens) | set(self.ends) | set(self.changes) | {day for _, day in self.last_use} | {self.first}
        return sorted(day for day in days if self.start < day <= self.last)

    def step(self, day: date) -> None:
        """Carry out what happens on a day."""
        arrivals: dict[str, list[tuple[Key, Extent]]] = defaultdict(list)
        rows: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes.get(day, ()):
            rows[change.from_code].append(change)
        for code, group in sorted(rows.items()):
            self._move(code, group, arrivals)
        for code, pieces in arrivals.items():
            holding = self.held.setdefault(code, {})
            for key, extent in pieces:
                holding.setdefault(key, []).append(extent)
                if key[1]:
                    self.tagged.add(code)
        self._close(day)
        self._open(day)
        self._arrive(day)

    def _move(self, code: str, rows: list[Change], arrivals: dict[str, list[tuple[Key, Extent]]]) -> None:
        if code == NEW_LAND:
            for row in rows:
                arrivals[row.to_code].append(((NEW_LAND, frozenset()), replace(WHOLE, law=_law([row]))))
            return
        held = self.held.get(code)
        if held is None:  # an area of a higher level: it is the set of its children, which have rows of their own
            return
        parts, others = [row for row in rows if row.part], [row for row in rows if not row.part]
        rest, told = self._weighed(code, held, parts, others)
        for row in parts:
            tag = part_tag(row.part)
            called = [key for key in rest if tag in key[1]]
            if not called:
                self.stray.append(Stray(row, tuple(sorted(self._places(tag, arrivals) - {code}))))
            for key in called:
                arrivals[row.to_code] += [(key, _with_law(extent, [row])) for extent in rest.pop(key)]
        if not others:
            self.held[code] = rest
            return
        del self.held[code]
        targets = [(row.to_code, row) for row in others]
        self._cut(rest, targets, row_shares(self.weights, parts, others), arrivals, told)

    def _places(self, tag: Tag, arrivals: dict[str, list[tuple[Key, Extent]]]) -> set[str]:
        """The areas that hold what a code held on a day, or just got it."""
        there = {code for code, holding in self.held.items() if any(tag in tags for _, tags in holding)}
        return there | {code for code, pieces in arrivals.items() if any(tag in tags for (_, tags), _ in pieces)}

    def _weighed(
        self, code: str, held: Holding, parts: list[Change], others: list[Change]
    ) -> tuple[Holding, list[Extent]]:
        """What is held, with the shares that weights give to parts called back out of an area of the first day.

        Only where all that is held is one such area, whole but of unknown parts: a weight is a share of just that. For
        areas of before, the parts are areas of their own, and go their way whole.

        Returns:
            What is held; and the shares of the other rows, of all of the area, where they are several.
        """
        origins = {origin for origin, _ in held}
        elsewhere = (key[0] for area, holding in self.held.items() if area != code for key in holding)
        given = _given(self.weights, parts, others or [Change(parts[0].effective, "", code, code)]) if parts else []
        if not any(given) or len(origins) != 1 or origins & set(elsewhere):
            return dict(held), []
        tags = [part_tag(row.part) for row in parts]
        groups = [[key for key in held if tag in key[1] and not key[1] & set(tags[:i])] for i, tag in enumerate(tags)]
        groups.append([key for key in held if not key[1] & set(tags)])
        if not groups[-1]:  # nothing stays: the parts are all that there is to weigh
            given = given[: len(parts)]
        shares = cut_shares(given)
        told = shares[len(parts) :]
        shares = [*shares[: len(parts)], *([rest_of(shares[: len(parts)], told)] if told else [])]
        weighed = dict(held)
        for keys, share in zip(groups, shares, strict=False):
            if len(keys) == 1:
                weighed[keys[0]] = [replace(share, law=together(held[keys[0]]).law)]
        return weighed, told if len(told) > 1 and len(groups[-1]) == 1 else []

    def _cut(
        self,
        held: Holding,
        targets: Sequence[tuple[str, Change]],
        shares: Sequence[Extent],
        arrivals: dict[str, list[tuple[Key, Extent]]],
        told: Sequence[Extent] = (),
    ) -> None:
        """Cut all that is held; `told` are shares of the one area that it is of, where that is known beside."""
        alone = len(held) == 1
        for place, ((to, row), share) in enumerate(zip(targets, shares, strict=True)):
            for key, extents in held.items():
                piece = cut(together(extents), share, alone=alone)
                piece = narrowed(piece, told[place]) if told else piece
                arrivals[to].append((key, _with_law(piece, [row])))

    def _close(self, day: date) -> None:
        """Areas that ended without a change: a level that is no longer known falls back to the area above it."""
        for code in sorted(self.held.keys() & set(self.ends.get(day, ()))):
            if self.register.area(code, day) is not None:
                continue
            above = self._above_before(code, day)
            if self.held[code] and (not above or self.register.has_children(above, day)):
                self.left_over.append((code, day))
            for key, extents in self.held.pop(code).items():
                self.held.setdefault(above, {}).setdefault(key, []).extend(extents)
                if key[1]:
                    self.tagged.add(above)

    def _above_before(self, code: str, day: date) -> str:
        """The lowest area that still stands on a day above one that ended; empty if there is none."""
        above = code
        while above and self.register.area(above, day) is None:  # an area is never in force without its parent
            above = [area for area in self.register.versions(above) if area.valid_from < day][-1].parent
        return above

    def _open(self, day: date) -> None:
        """Areas that appear without a change: a level that becomes known cuts the area above it that held all."""
        unheld = [code for code in self.opens.get(day, ()) if code not in self.held]
        if not unheld:
            return
        parents = {area.parent for area in self.register.on(day).values()}
        fresh: dict[str, list[str]] = defaultdict(list)
        for code in unheld:
            if code not in parents:
                fresh[self._holder(code, day)].append(code)
        for above, codes in fresh.items():
            if not above:  # territory of which nothing was known before
                self.held.update({code: {} for code in codes})
                continue
            arrivals: dict[str, list[tuple[Key, Extent]]] = defaultdict(list)
            targets = [(code, Change(day, "breakdown", above, code)) for code in sorted(codes)]
            shares = row_shares(self.weights, [], [row for _, row in targets])
            self._cut(self.held.pop(above), targets, shares, arrivals)
            for code, pieces in arrivals.items():
                self.held[code] = {key: [extent] for key, extent in pieces}
                if any(tags for (_, tags), _ in pieces):
                    self.tagged.add(code)

    def _holder(self, code: str, day: date) -> str:
        area = self.register.area(code, day)
        while area is not None and area.parent:
            if area.parent in self.held:
                return area.parent
            area = self.register.area(area.parent, day)
        return ""

    def _arrive(self, day: date) -> None:
        """What a day brings once its changes are done: tags, the end of tags that are used up, and origins."""
        for tag in sorted(tag for tag, used in self.last_use.items() if tag[1] == day and used > day):
            for code in self._leaves(tag[0], day):
                self.held[code] = {(origin, tags | {tag}): e for (origin, tags), e in self.held[code].items()}
                self.tagged.add(code)
        spent = {tag for tag, used in self.last_use.items() if used == day}
        if spent:
            self.tagged &= self.held.keys()
            for code in self.tagged:
                if any(tags & spent for _, tags in self.held[code]):
                    self.held[code] = _without(self.held[code], spent)
            self.tagged = {code for code in self.tagged if any(tags for _, tags in self.held[code])}
        if day == self.first:  # only now: pieces that a used-up tag told apart are one
            self._name_origins()

    def _name_origins(self) -> None:
        for code, holding in self.held.items():
            single = len(holding) == 1
            self.held[code] = {(code, tags): [WHOLE if single else ANY] for _, tags in holding}

    def _leaves(self, code: str, day: date) -> Iterable[str]:
        if code in self.held:
            return [code]
        children, found, queue = self.register.children(day), [], [code]
        while queue:
            area = queue.pop()
            found += [area] if area in self.held else []
            queue += children.get(area, ())
        return sorted(found)


def row_shares(weights: Mapping[WeightKey, Weight], parts: list[Change], others: list[Change]) -> list[Extent]:
    """What the rows without a `part` get of what an area holds once its parts are called back.

    Weights are shares of all of the area, so those of the parts count as well.

    Args:
        weights: The best weight of each row.
        parts: The rows of the area on that day with a `part`.
        others: Those without.
    """
    if len(others) < 2:
        return [WHOLE for _ in others]
    given = _given(weights, parts, others)
    shares, own = cut_shares(given), given[len(parts) :]
    return shares_of_rest(shares[len(parts) :], own) if parts else shares


def _given(
    weights: Mapping[WeightKey, Weight], parts: Sequence[Change], others: Sequence[Change]
) -> list[Weight | None]:
    """The weights of rows; of a code that gets several of them, nothing tells what each one carries."""
    rows = [*parts, *others]
    times = Counter(row.to_code for row in rows)
    return [
        weights.get((row.effective, row.from_code, row.to_code)) if times[row.to_code] == 1 else None for row in rows
    ]


def _without(holding: Holding, spent: set[Tag]) -> Holding:
    merged: Holding = defaultdict(list)
    for (origin, tags), extents in holding.items():
        merged[origin, tags - spent] += extents
    return {key: [together(extents)] for key, extents in merged.items()}


def _law(rows: Iterable[Change]) -> frozenset[str]:
    return frozenset(row.legal_basis for row in rows if row.legal_basis)


def _with_law(extent: Extent, rows: list[Change]) -> Extent:
    return replace(extent, law=extent.law | _law(rows))
