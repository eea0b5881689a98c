"""What became of the areas that ended: no land may vanish from a register without a row that says so.

Land that leaves every area on purpose is a row of `changes.csv` with an empty `to_code`. Only where a level is known no
more (the communes of a district end, and the district stands on without any) does land need no row: it is the area's
above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from indicators.areas import Area, Change, Register
from indicators.strict_csv import Table


def check_ended(
    table: Table, register: Register, changed: Table | None, changes: Sequence[Change], damaged: Collection[str]
) -> None:
    """Report areas of the lowest level that ended without a change and without a next version.

    Args:
        table: `areas.csv`, to which faults are added.
        register: The areas.
        changed: `changes.csv`; None: there is no such file, and one fault a day says so.
        changes: The changes that could be read.
        damaged: Codes of broken rows of `areas.csv`, of which nothing more is said.
    """
    unsure = _named_in_faults(changed, changes) if changed is not None else set()
    if unsure is None:  # any row that could not be read may be the one that is missed
        return
    given = {(change.effective, change.from_code) for change in changes}
    silent: dict[date, list[Area]] = defaultdict(list)
    for area, day in _ended(register):
        if area.code not in unsure and area.code not in damaged and (day, area.code) not in given:
            if area.parent and _above(register, area, day, damaged) is not None:
                continue
            silent[day].append(area)
    for day, areas in sorted(silent.items()):
        by_line = sorted(areas, key=lambda area: area.line)
        if changed is None:
            first = by_line[0]
            table.fault(first.line, "valid_to", "area.ended-no-changes", code=first.code, day=day, count=len(areas))
            continue
        for area in by_line:
            table.fault(area.line, "valid_to", "area.ended", code=area.code, day=day)


def _ended(register: Register) -> Iterator[tuple[Area, date]]:
    """The areas of the lowest level that ended without a next version, with the day from which they are no more."""
    for area in register.areas:
        day = area.valid_to
        if day is None or register.area(area.code, day) is not None:
            continue
        if not register.has_children(area.code, day - timedelta(days=1)):
            yield area, day


def _above(register: Register, area: Area, day: date, damaged: Collection[str]) -> str | None:
    """The area above that is the lowest known from a day on; None if there is none.

    A parent that could not be read, or that is not in force, is a fault of its own and is taken to stand.
    """
    above = area.parent
    while above and above not in damaged:
        if register.area(above, day) is not None:
            return None if register.has_children(above, day) else above
        before = [version for version in register.versions(above) if version.valid_from < day]
        if not before:
            return above
        above = before[-1].parent
    return above or None


def _named_in_faults(table: Table, changes: Sequence[Change]) -> set[str] | None:
    """The codes from which a broken row of `changes.csv` leads; None where a row does not even tell its code."""
    if any(finding.line is None or finding.line == 1 for finding in table.findings):
        return None
    read = {change.line: change.from_code for change in changes}
    codes = {cells.get("from_code", read.get(line)) for line, cells in table.faulty.items()}
    return None if None in codes else {code for code in codes if code}
