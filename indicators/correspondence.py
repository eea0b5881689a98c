"""Correspondences: how the areas in force on one day map to those of another day, at any level, in either direction.

They are computed from the pieces of territory (`indicators.territory`), never typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from indicators.areas import Area, Register
from indicators.extent import ONE, Extent
from indicators.findings import DataFault, Finding
from indicators.later_cuts import with_later_cuts
from indicators.level_shares import amounts_held, lift, same_territory, shares_backwards, shares_forwards
from indicators.observed_shares import Observed, amounts_on, with_observed
from indicators.territory import Piece, trace


@dataclass(frozen=True)
class Pair:
    """What one area gives another.

    Attributes:
        from_area: Code on the first day; empty for land that belonged to no area.
        to_area: Code on the last day; empty for land that left.
        share: The share of `from_area` that goes to `to_area`, or None where nothing says how much.
        lower: The share that goes there at least.
        upper: The share that goes there at most.
        quality: whole, law, measured, estimated, placeholder or unknown.
        law: Legal bases of the changes.
        same: Both are the very same territory.
    """

    from_area: str
    to_area: str
    share: Fraction | None
    lower: Fraction
    upper: Fraction
    quality: str
    law: tuple[str, ...] = ()
    same: bool = False

    @property
    def whole(self) -> bool:
        """Everything that is counted in `from_area` goes to `to_area`, for certain."""
        return self.lower == ONE


@dataclass(frozen=True)
class Correspondence:
    """How the areas of one day and level map to those of another.

    Attributes:
        weight: The basis of the shares, or None.
        pairs: Ordered by `from_area`, `to_area`.
        from_areas: Every area of the level on the first day.
        to_areas: Every area of the level on the last day.
        register: Where it comes from, for questions about other levels; None: only these areas are known.
    """

    from_day: date
    to_day: date
    level: str
    to_level: str
    weight: str | None
    pairs: tuple[Pair, ...]
    from_areas: Mapping[str, Area]
    to_areas: Mapping[str, Area]
    register: Register | None = field(default=None, repr=False, compare=False)

    @cached_property
    def by_target(self) -> Mapping[str, tuple[Pair, ...]]:
        """The pairs of each area of the last day."""
        found: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            found[pair.to_area].append(pair)
        return {code: tuple(pairs) for code, pairs in found.items()}

    @cached_property
    def qualities(self) -> frozenset[str]:
        """What the shares rest on."""
        return frozenset(pair.quality for pair in self.pairs)

    @cached_property
    def by_source(self) -> Mapping[str, tuple[Pair, ...]]:
        """The pairs of each area of the first day."""
        found: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            found[pair.from_area].append(pair)
        return {code: tuple(pairs) for code, pairs in found.items()}


def areas_at(register: Register, day: date, level: str) -> dict[str, str]:
    """Every lowest area in force on a day, with the area of a level that it lies in.

    Territory that is not divided down to the level is its own area there (an island district without communes).
    """
    in_force = register.on(day)
    parents = {area.parent for area in in_force.values()}
    found = {}
    for code in in_force:
        if code in parents and in_force[code].level != level:
            continue
        at: Area | None = in_force[code]
        while at is not None and at.level != level:
            at = in_force.get(at.parent)
        found[code] = at.code if at is not None else code
    return found


def correspondence(
    register: Register,
    from_day: date,
    to_day: date,
    level: str,
    to_level: str,
    weight: str | None = None,
    observed: Observed | None = None,
) -> Correspondence:
    """How the areas of one day and level map to those of another.

    Args:
        register: The areas, changes and weights.
        from_day: The day whose areas are given.
        to_day: The day whose areas are wanted; may be earlier, the same or later.
        level: The level of the areas given.
        to_level: The level of the areas wanted.
        weight: The basis of `weights.csv` for cut pieces; None: shares of cut pieces stay unknown.
        observed: Amounts observed of that basis, which fill the gaps of `weights.csv` (`indicators.observed_shares`).

    Raises:
        DataFault: No area of the level is in force on the day.
    """
    problems = [
        *_level_problems(register, from_day, level),
        *_level_problems(register, to_day, to_level),
    ]
    if problems:
        raise DataFault(problems)
    first, last = min(from_day, to_day), max(from_day, to_day)
    pieces = _pieces(register, first, last, weight)
    forwards = from_day <= to_day
    early, late = (level, to_level) if forwards else (to_level, level)
    at_first, at_last = areas_at(register, first, early), areas_at(register, last, late)
    lifted = lift(pieces, at_first, at_last)
    ahead = shares_forwards(lifted)
    shares = ahead
    if not forwards:
        shares = shares_backwards(ahead, amounts_held(register, first, weight, at_first))
        shares = with_later_cuts(shares, register, (first, last), weight, (at_first, at_last))
    if observed:
        held = amounts_on(register, observed, first), amounts_on(register, observed, last)
        shares = with_observed(shares, ahead, pieces, (at_first, at_last), held, backwards=not forwards)
    same = same_territory(pieces, at_first, at_last)
    pairs = []
    for (old, new), extent in shares.items():
        ends = (old, new) if forwards else (new, old)
        law = _pair_law(register, extent, new, last, late)
        is_same = (old, new) in same
        pairs.append(Pair(*ends, extent.share, extent.lower, extent.upper, extent.quality, law, is_same))
    return Correspondence(
        from_day, to_day, level, to_level, weight,
        tuple(sorted(pairs, key=lambda pair: (pair.from_area, pair.to_area))),
        _areas(register, from_day, at_first if forwards else at_last),
        _areas(register, to_day, at_last if forwards else at_first),
        register,
    )  # fmt: skip


def _areas(register: Register, day: date, at: Mapping[str, str]) -> dict[str, Area]:
    in_force = register.on(day)
    return {code: in_force[code] for code in sorted(set(at.values()))}


@lru_cache(maxsize=16)
def _pieces(register: Register, first: date, last: date, basis: str | None) -> tuple[Piece, ...]:
    """The same territory serves every pair of levels."""
    return tuple(trace(register, first, last, basis))


def _level_problems(register: Register, day: date, level: str) -> list[Finding]:
    in_force = register.on(day).values()
    if any(area.level == level for area in in_force):
        return []
    versions = [area for area in register.areas if area.level == level]
    if not versions:
        known = ", ".join(register.levels)
        vi = f"không có cấp '{level}' trong danh mục địa bàn; các cấp có: {known}"
        en = f"the register has no level '{level}'; it has: {known}"
    else:
        start, ends = min(area.valid_from for area in versions), [area.valid_to for area in versions]
        there = ", ".join(name for name in register.levels if name in {area.level for area in in_force})
        until_vi = "nay" if None in ends else f"trước ngày {max(end for end in ends if end)}"
        until_en = "today" if None in ends else f"the day before {max(end for end in ends if end)}"
        vi = (
            f"ngày {day} không có địa bàn cấp '{level}' (các cấp có: {there or '-'}); danh mục có cấp này từ"
            f" {start} đến {until_vi}. Hãy chọn một ngày trong khoảng đó, hoặc cấp khác"
        )
        en = (
            f"no area of level '{level}' is in force on {day} (the levels there: {there or '-'}); the register knows"
            f" this level from {start} to {until_en}. Give a day in between, or another level"
        )
    return [Finding("area.no-level-on-day", "error", vi, en, subject=level)]


def _pair_law(register: Register, extent: Extent, new: str, last: date, level: str) -> tuple[str, ...]:
    """The law of a pair: that of the new area's own level, or of the changes of the territory below it."""
    area = register.area(new, last) if new and level != register.levels[-1] else None
    if area is not None and area.legal_basis:
        return (area.legal_basis,)
    return tuple(sorted(extent.law))
