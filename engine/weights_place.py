"""Of which day and level the areas of a file of weights are, when nobody said so."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from engine.sources import Source
from indicators.areas import Register


class Asked(Protocol):
    """The days that the file may be of."""

    @property
    def from_day(self) -> date:
        """The day of the figures."""

    @property
    def to_day(self) -> date:
        """The day of the areas wanted."""

    @property
    def weights_day(self) -> date | None:
        """The day of the file, where somebody said so."""


def weights_place(source: Source, asked: Asked, register: Register) -> tuple[date, str]:
    """The day and the lowest level of the areas in a file of weights.

    The same codes may mean areas of both days (34 of the 63 provinces kept their code), so the day counts whose areas
    of that level the file covers best, and of equals the day of the figures.

    Returns:
        The day and level; where no day knows any of the codes, the day of the figures and its lowest level, so that
        reading the file tells what is wrong with it.
    """
    codes = set(source.frame["ref_area"].drop_nulls().to_list()) if "ref_area" in source.columns else set()
    days = [asked.weights_day] if asked.weights_day else [asked.from_day, asked.to_day]
    best = max(days, key=lambda day: (_covered(codes, register, day), -days.index(day)))
    return best, _level(codes, register, best) or register.levels[-1]


def _level(codes: set[str], register: Register, day: date) -> str:
    in_force = register.on(day)
    there = {in_force[code].level for code in codes if code in in_force}
    return max(there, key=register.levels.index, default="")


def _covered(codes: set[str], register: Register, day: date) -> tuple[float, float]:
    """The share of the codes that are areas on a day, and the share of the level's areas that they make up."""
    in_force, level = register.on(day), _level(codes, register, day)
    known = sum(code in in_force for code in codes)
    there = sum(area.level == level for area in in_force.values())
    return known / max(len(codes), 1), known / max(there, 1)
