"""The register: every version of every area, the changes between them and the weights of cut pieces.

A bare code is never an identifier: an area is found by its code and a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

Quality = Literal["law", "measured", "estimated", "placeholder"]
QUALITIES: tuple[Quality, ...] = ("law", "measured", "estimated", "placeholder")
"""Qualities of a weight, best first."""

KINDS = (
    "merger", "takeover", "breakdown", "split_off", "transfer",
    "re_establishment", "code_change", "rename", "type_change",
)  # fmt: skip


@dataclass(frozen=True)
class Area:
    """One version of an administrative unit, in force from `valid_from` until the day before `valid_to`."""

    code: str
    level: str
    type: str
    name_vi: str
    name_en: str
    parent: str
    valid_from: date
    valid_to: date | None
    legal_basis: str = ""
    line: int = 0

    def in_force(self, day: date) -> bool:
        """Whether this version is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Change:
    """On `effective`, territory of `from_code` becomes territory of `to_code`.

    `part` is `CODE@DAY` (all that CODE had that day and that now lies in `from_code`) or empty. An empty `from_code` is
    land that belonged to no area, an empty `to_code` land that leaves.
    """

    effective: date
    kind: str
    from_code: str
    to_code: str
    part: str = ""
    legal_basis: str = ""
    note: str = ""
    line: int = 0


@dataclass(frozen=True)
class Weight:
    """How much of `basis` a cut piece carries: an amount (`value`) or a share of `from_code` (`share`)."""

    effective: date
    from_code: str
    to_code: str
    basis: str
    value: Decimal | None
    share: Decimal | None
    quality: Quality
    source: str = ""
    line: int = 0

    @property
    def amount(self) -> Decimal | None:
        """The amount that the piece carries; none of the area is none of it, even where it is given as a share."""
        return Decimal(0) if self.share == 0 else self.value


class Register:
    """All areas, changes and weights of a workspace.

    Attributes:
        areas: Every version, ordered by code and `valid_from`.
        changes: Ordered by `effective`, then as in the file.
        weights: As in the file.
    """

    def __init__(
        self, areas: tuple[Area, ...], changes: tuple[Change, ...] = (), weights: tuple[Weight, ...] = ()
    ) -> None:
        self.areas = tuple(sorted(areas, key=lambda area: (area.code, area.valid_from)))
        self.changes = tuple(sorted(changes, key=lambda change: change.effective))
        self.weights = weights
        self.on = lru_cache(maxsize=64)(self._on)

    @cached_property
    def _versions(self) -> Mapping[str, tuple[Area, ...]]:
        found: dict[str, list[Area]] = {}
        for area in self.areas:
            found.setdefault(area.code, []).append(area)
        return {code: tuple(versions) for code, versions in found.items()}

    def _on(self, day: date) -> Mapping[str, Area]:
        return {area.code: area for area in self.areas if area.in_force(day)}

    def versions(self, code: str) -> tuple[Area, ...]:
        """Every version of a code, oldest first; empty if the code never existed."""
        return self._versions.get(code, ())

    def area(self, code: str, day: date) -> Area | None:
        """The area that a code means on a day."""
        return next((area for area in self.versions(code) if area.in_force(day)), None)

    def children(self, day: date) -> Mapping[str, tuple[str, ...]]:
        """Parent code to the codes directly below it, for all areas in force on a day."""
        found: dict[str, list[str]] = {}
        for area in self.on(day).values():
            if area.parent:
                found.setdefault(area.parent, []).append(area.code)
        return {parent: tuple(codes) for parent, codes in found.items()}

    @cached_property
    def _below(self) -> Mapping[str, tuple[Area, ...]]:
        found: dict[str, list[Area]] = {}
        for area in self.areas:
            if area.parent:
                found.setdefault(area.parent, []).append(area)
        return {parent: tuple(areas) for parent, areas in found.items()}

    def has_children(self, code: str, day: date) -> bool:
        """Whether an area lies directly below a code on a day; unlike `children` it does not visit every area."""
        return any(area.in_force(day) for area in self._below.get(code, ()))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The levels that the register uses, highest (fewest areas above it) first."""
        depth: dict[str, int] = {}
        for area in self.areas:
            steps, above = 0, area
            while above.parent and steps < len(self.areas):
                parent = self.area(above.parent, area.valid_from)
                if parent is None:
                    break
                steps, above = steps + 1, parent
            depth[area.level] = max(depth.get(area.level, 0), steps)
        return tuple(sorted(depth, key=lambda level: (depth[level], level)))

    @cached_property
    def change_days(self) -> tuple[date, ...]:
        """The days on which territory moved from one area to another, ascending."""
        moves = {change.effective for change in self.changes if change.from_code != change.to_code}
        return tuple(sorted(moves))
