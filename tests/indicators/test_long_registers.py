"""Registers as large and as old as a country's: read and followed without visiting every area on every day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from indicators.area_files import CHANGES_HEADER
from indicators.area_rules import check_changes
from indicators.area_texts import AREA_FAULTS
from indicators.areas import Area, Change, Register
from indicators.correspondence import correspondence
from indicators.strict_csv import read_table

START = date(1970, 1, 1)
PAIRS, DAYS = 4_000, 400


def commune(code: str, start: date, end: date | None = None) -> Area:
    return Area(code, "commune", "commune", code, code, "", start, end)


def merged_and_undone() -> Register:
    """Pairs of communes; on each of 400 days ten pairs merge, and part again ten years later."""
    areas, changes = [], []
    for n in range(PAIRS):
        small, large = f"S{n:05}", f"L{n:05}"
        merged = START + timedelta(days=1 + n % DAYS)
        parted = merged + timedelta(days=3650)
        areas += [commune(large, START), commune(small, START, merged), commune(small, parted)]
        changes.append(Change(merged, "merger", small, large))
        part = f"{small}@{merged - timedelta(days=1)}"
        changes.append(Change(parted, "re_establishment", large, small, part))
    return Register(tuple(areas), tuple(changes))


def test_fifty_years_of_mergers_undone_come_back_exact() -> None:
    register = merged_and_undone()
    found = correspondence(register, START, date(2020, 1, 1), "commune", "commune")
    assert len(found.pairs) == 2 * PAIRS
    assert all(pair.from_area == pair.to_area and pair.whole and pair.same for pair in found.pairs)
    while_merged = correspondence(register, START, START + timedelta(days=3000), "commune", "commune")
    assert {pair.to_area[0] for pair in while_merged.pairs} == {"L"}
    assert all(pair.whole and not pair.same for pair in while_merged.pairs)


def test_changes_are_checked_without_drawing_the_map_of_every_day(tmp_path: Path) -> None:
    register = merged_and_undone()
    (tmp_path / "changes.csv").write_text(",".join(CHANGES_HEADER) + "\n", encoding="utf-8")
    table = read_table(tmp_path / "changes.csv", CHANGES_HEADER, AREA_FAULTS)
    check_changes(table, register, register.changes, set())
    assert not table.findings
    assert register.on.cache_info().misses == 0


def test_thirty_changes_in_a_row_are_one_commune() -> None:
    """Recoded every year, joined by a neighbour in the tenth and left by it in the twentieth under a new code."""
    days = [START + timedelta(days=365 * year) for year in range(31)]
    codes = [f"C{year:02}" for year in range(31)]
    areas = [commune(code, days[i], days[i + 1] if i < 30 else None) for i, code in enumerate(codes)]
    areas += [commune("N", START, days[10]), commune("M", days[20])]
    changes = [Change(days[i + 1], "code_change", codes[i], codes[i + 1]) for i in range(30)]
    changes.append(Change(days[10], "merger", "N", codes[10]))
    changes.append(Change(days[20], "re_establishment", codes[19], "M", f"N@{days[5]}"))
    register = Register(tuple(areas), tuple(changes))
    pairs = {p.from_area: p for p in correspondence(register, START, days[30], "commune", "commune").pairs}
    assert (pairs["C00"].to_area, pairs["C00"].whole, pairs["C00"].same) == ("C30", True, True)
    assert (pairs["N"].to_area, pairs["N"].whole, pairs["N"].same) == ("M", True, True)
    assert len(pairs) == 2
