"""A country of two levels: communes of a random history, each version of which lies in some province."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from indicators.areas import Area, Register
from naive.cells import Country, random_country


def two_levels(seed: int, events: int = 12, areas: int = 5, *, weighted: bool = False) -> Country:
    """A random country whose areas lie in provinces, which are in force while any commune lies in them."""
    country = random_country(seed, areas, events, weighted=weighted)
    random = Random(seed)  # noqa: S311 (the same provinces on every run)
    communes = tuple(replace(area, parent=f"P{random.randint(0, 2)}") for area in country.register.areas)
    days = sorted(country.maps)
    provinces = []
    for code in sorted({area.parent for area in communes}):
        since: date | None = None
        for day in days:
            there = any(area.parent == code and area.in_force(day) for area in communes)
            if there and since is None:
                since = day
            if not there and since is not None:
                provinces.append(Area(code, "province", "tinh", code, code, "", since, day))
                since = None
        if since is not None:
            provinces.append(Area(code, "province", "tinh", code, code, "", since, None))
    register = Register((*communes, *provinces), country.register.changes, country.register.weights)
    return replace(country, register=register)


def truth(country: Country, day: date, level: str) -> dict[str, int]:
    """The people of each area of a level on a day."""
    communes = country.truth(day)
    if level == "commune":
        return communes
    found: dict[str, int] = {}
    for code, people in communes.items():
        area = country.register.area(code, day)
        assert area is not None
        found[area.parent] = found.get(area.parent, 0) + people
    return found
