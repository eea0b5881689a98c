"""Levels of areas over time: which level stands in for one that is gone, and which areas lie inside another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from indicators.areas import Register
from indicators.correspondence import areas_at
from indicators.definitions import Name

_NAMES: Mapping[str, Name] = {
    "province": Name("cấp tỉnh", "province"),
    "district": Name("cấp huyện", "district"),
    "commune": Name("cấp xã", "commune"),
}


def level_name(level: str) -> Name:
    """A level in words; a level of another country's register is called what the register calls it.

    >>> level_name("province").vi, level_name("fylke").vi
    ('cấp tỉnh', 'cấp fylke')
    """
    return _NAMES.get(level, Name(f"cấp {level}", level))


def standing_level(register: Register, day: date, level: str) -> str:
    """The level itself where it is in force on a day, else the nearest one above it that is.

    Figures of a level that is gone (districts) can only be wanted for the level above it.
    """
    there = {area.level for area in register.on(day).values()}
    order = register.levels
    above = [one for one in order[: order.index(level) + 1] if one in there]
    return above[-1] if above else level


def inside(register: Register, day: date, code: str, level: str) -> tuple[str, ...]:
    """The areas of a level that an area consists of on a day; itself where it is not divided down to the level.

    Args:
        register: The areas.
        day: The day on which the code is meant.
        code: The area.
        level: A level that is not above the area's own.

    Returns:
        Codes in order; empty if the code means nothing on the day, or if the level lies above the area's.
    """
    area = register.area(code, day)
    if area is None or register.levels.index(level) < register.levels.index(area.level):
        return ()
    own, lower = areas_at(register, day, area.level), areas_at(register, day, level)
    return tuple(sorted({lower[leaf] for leaf, at in own.items() if at == code and leaf in lower}))
