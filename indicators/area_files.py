"""Reads a register, `areas.csv`, `changes.csv` and `weights.csv`, strictly and with every problem at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

from indicators.area_rules import check_areas, check_changes, check_weights
from indicators.area_texts import AREA_FAULTS
from indicators.areas import KINDS, QUALITIES, Area, Change, Quality, Register, Weight
from indicators.ended_areas import check_ended
from indicators.findings import DataFault
from indicators.part_rules import check_parts
from indicators.strict_csv import Table, read_table

AREAS_HEADER = ("code", "level", "type", "name_vi", "name_en", "parent", "valid_from", "valid_to", "legal_basis")
CHANGES_HEADER = ("effective", "kind", "from_code", "to_code", "part", "legal_basis", "note")
WEIGHTS_HEADER = ("effective", "from_code", "to_code", "basis", "value", "share", "quality", "source")
VARIANTS_HEADER = ("wrong_code", "day", "official_code", "name_vi", "parent", "source")

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BASIS = re.compile(r"[a-z][a-z0-9_.]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Record = TypeVar("Record", Area, Change, Weight)


def read_register(directory: Path) -> Register:
    """Read the register of a workspace from its folder `catalog/areas`.

    `changes.csv` and `weights.csv` may be absent: a register of which no area ended may hold nothing but areas.

    Args:
        directory: The folder that holds the files.

    Returns:
        The register.

    Raises:
        DataFault: Something is wrong in the files; its findings name every problem with file, line and column.
    """
    area_table = read_table(directory / "areas.csv", AREAS_HEADER, AREA_FAULTS)
    tables, readable = [area_table], bool(area_table.records)
    if not readable and not area_table.findings:
        area_table.fault(None, "", "area.none")
    areas = _each(area_table, _area)
    check_areas(area_table, areas)
    register = Register(tuple(areas))
    changes: list[Change] = []
    weights: list[Weight] = []
    damaged = {cells.get("code", "") for cells in area_table.faulty.values()}
    change_table: Table | None = None
    if (directory / "changes.csv").exists():
        change_table = read_table(directory / "changes.csv", CHANGES_HEADER, AREA_FAULTS)
        tables.append(change_table)
        changes = _each(change_table, _change)
        if readable:
            check_changes(change_table, register, changes, damaged)
    if readable:
        check_ended(area_table, register, change_table, changes, damaged)
    if change_table is not None and not area_table.findings and not change_table.findings:
        check_parts(area_table, change_table, areas, changes)
    if (directory / "weights.csv").exists():
        weight_table = read_table(directory / "weights.csv", WEIGHTS_HEADER, AREA_FAULTS)
        tables.append(weight_table)
        weights = _each(weight_table, _weight)
        # A broken row of changes.csv must not make its weights look wrong as well.
        known = change_table is None or not change_table.findings
        check_weights(weight_table, register, changes if known else None, weights)
    findings = [finding for table in tables for finding in table.findings]
    if findings:
        raise DataFault(sorted(findings, key=lambda f: ([t.file for t in tables].index(f.file), f.line or 0)))
    return Register(tuple(areas), tuple(changes), tuple(weights))


@dataclass(frozen=True)
class CodeVariant:
    """A wrong code in circulation: which list has it, for which area of which day, and that area's official code."""

    wrong_code: str
    day: date
    official_code: str
    name_vi: str
    parent: str
    source: str


def read_code_variants(directory: Path) -> Mapping[str, tuple[CodeVariant, ...]]:
    """Wrong codes in circulation by code, from `code_variants.csv`; empty if there is no such file.

    Raises:
        DataFault: The file is damaged.
    """
    path = directory / "code_variants.csv"
    if not path.exists():
        return {}
    table = read_table(path, VARIANTS_HEADER, AREA_FAULTS)
    found: dict[str, tuple[CodeVariant, ...]] = {}
    for line, cells in table.records:
        day = _required_day(table, line, cells, "day")
        if day is None:
            continue
        code, official = cells["wrong_code"], cells["official_code"]
        variant = CodeVariant(code, day, official, cells["name_vi"], cells["parent"], cells["source"])
        found[variant.wrong_code] = (*found.get(variant.wrong_code, ()), variant)
    if table.findings:
        raise DataFault(table.findings)
    return found


def _each(table: Table, build: Callable[[Table, int, dict[str, str]], Record | None]) -> list[Record]:
    found = []
    for line, cells in table.records:
        record = build(table, line, cells)
        if record is None or line in table.faulty:
            table.faulty[line] = cells
        else:
            found.append(record)
    return found


def _area(table: Table, line: int, cells: dict[str, str]) -> Area | None:
    for column in ("code", "level", "name_vi", "valid_from"):  # a register may lack types and English names
        if not cells[column]:
            table.fault(line, column, "area.empty", column=column, code=cells["code"])
    _shaped(table, line, cells, _CODE, "code", "parent")
    _shaped(table, line, cells, _WORD, "level", "type")
    valid_from, valid_to = _day(table, line, cells, "valid_from"), _day(table, line, cells, "valid_to")
    if valid_from and valid_to and valid_to <= valid_from:
        table.fault(line, "valid_to", "area.ends-before", start=valid_from, end=valid_to, code=cells["code"])
    if valid_from is None:
        return None
    return Area(
        cells["code"],
        cells["level"],
        cells["type"],
        cells["name_vi"],
        cells["name_en"],
        cells["parent"],
        valid_from,
        valid_to,
        cells["legal_basis"],
        line,
    )


def _change(table: Table, line: int, cells: dict[str, str]) -> Change | None:
    _shaped(table, line, cells, _CODE, "from_code", "to_code")
    _listed(table, line, cells, "kind", KINDS)
    if not cells["from_code"] and not cells["to_code"]:
        table.fault(line, "from_code", "change.no-code")
    effective = _required_day(table, line, cells, "effective")
    if effective is None:
        return None
    return Change(effective, **{name: cells[name] for name in CHANGES_HEADER[1:]}, line=line)


def _weight(table: Table, line: int, cells: dict[str, str]) -> Weight | None:
    _shaped(table, line, cells, _CODE, "from_code", "to_code")
    if not cells["basis"]:
        table.fault(line, "basis", "area.empty", column="basis")
    _shaped(table, line, cells, _BASIS, "basis")
    _listed(table, line, cells, "quality", QUALITIES)
    quality: Quality | None = next((quality for quality in QUALITIES if quality == cells["quality"]), None)
    if bool(cells["value"]) == bool(cells["share"]):
        table.fault(line, "value", "weight.both" if cells["value"] else "weight.neither")
    value, share = _number(table, line, cells, "value"), _number(table, line, cells, "share")
    if share is not None and not 0 <= share <= 1:
        table.fault(line, "share", "weight.share-range", share=cells["share"])
    if value is not None and value < 0:
        table.fault(line, "value", "weight.negative", value=cells["value"])
    effective = _required_day(table, line, cells, "effective")
    if effective is None or quality is None:
        return None
    return Weight(
        effective, cells["from_code"], cells["to_code"], cells["basis"], value, share, quality, cells["source"], line
    )


def _shaped(table: Table, line: int, cells: dict[str, str], shape: re.Pattern[str], *columns: str) -> None:
    for column in columns:
        if cells[column] and not shape.fullmatch(cells[column]):
            rule = {_CODE: "area.code-shape", _WORD: "area.word-shape", _BASIS: "weight.basis-shape"}[shape]
            table.fault(line, column, rule, found=cells[column][:80])


def _listed(table: Table, line: int, cells: dict[str, str], column: str, allowed: Collection[str]) -> None:
    if cells[column] not in allowed:
        table.fault(
            line, column, "area.not-listed", column=column, found=cells[column][:80], allowed=", ".join(allowed)
        )


def _required_day(table: Table, line: int, cells: dict[str, str], column: str) -> date | None:
    if not cells[column]:
        table.fault(line, column, "area.empty", column=column)
    return _day(table, line, cells, column)


def _day(table: Table, line: int, cells: dict[str, str], column: str) -> date | None:
    text = cells[column]
    if not text:
        return None
    day = iso_day(text)
    if day is None:
        table.fault(line, column, "area.day", found=text[:80], code=cells.get("code", ""))
    return day


@cache
def iso_day(text: str) -> date | None:
    """The day that a text means if it is written year-month-day, else None.

    >>> iso_day("2025-07-01"), iso_day("20250701"), iso_day("2025-02-30")
    (datetime.date(2025, 7, 1), None, None)
    """
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(table: Table, line: int, cells: dict[str, str], column: str) -> Decimal | None:
    text = cells[column]
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        table.fault(line, column, "weight.number", found=text[:80])
        return None
    return Decimal(text)
