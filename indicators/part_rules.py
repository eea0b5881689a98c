"""Rows with a `part` must call something back, and leave nothing behind in an area that ends.

Only following the territory tells, so this is looked at in a register whose rows are sound one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

from indicators.areas import Area, Change, Register
from indicators.strict_csv import Table
from indicators.territory import strays

MOST = 3


def check_parts(area_table: Table, change_table: Table, areas: Sequence[Area], changes: Sequence[Change]) -> None:
    """Report parts that do not lie where they are called back from, and ended areas that held more than their parts.

    Args:
        area_table: `areas.csv`, to which faults are added.
        change_table: `changes.csv`, likewise.
        areas: All areas.
        changes: All changes.
    """
    register = Register(tuple(areas), tuple(changes))
    stray, left_over = strays(register)
    for one in stray:
        change = one.change
        listed = ", ".join(one.lies_in[:MOST]) + (" …" if len(one.lies_in) > MOST else "")
        change_table.fault(
            change.line, "part", "change.part-elsewhere", found=change.part, code=change.from_code,
            day=change.effective, places=listed or "-",
        )  # fmt: skip
    for code, day in left_over:
        line = next(area.line for area in register.versions(code) if area.valid_to == day)
        area_table.fault(line, "valid_to", "area.ended-rest", code=code, day=day)
