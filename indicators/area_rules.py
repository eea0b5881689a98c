"""What must hold between the rows of a register: versions, parents, changes and weights that fit together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from indicators.areas import QUALITIES, Area, Change, Register, Weight
from indicators.strict_csv import Table

_PART = re.compile(r"(?P<code>[A-Za-z0-9][A-Za-z0-9._-]*)@(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


def check_areas(table: Table, areas: Sequence[Area]) -> None:
    """Report versions of a code that overlap, and parents that are not in force, of the same level or in a circle."""
    register = Register(tuple(areas))
    broken = {cells.get("code", "") for cells in table.faulty.values()}
    for before, after in zip(register.areas, register.areas[1:], strict=False):
        if before.code == after.code and (before.valid_to is None or before.valid_to > after.valid_from):
            first, second = sorted((before, after), key=lambda area: area.line)
            same = before.valid_from == after.valid_from
            table.fault(
                (second if same else after).line, "valid_from", "area.duplicate" if same else "area.overlap",
                code=after.code, start=after.valid_from, end=before.valid_to or "…",
                other=first.line if same else before.line,
            )  # fmt: skip
    for area in areas:
        if area.parent and area.parent not in broken:
            _check_parent(table, register, area)


def _check_parent(table: Table, register: Register, area: Area) -> None:
    day: date | None = area.valid_from
    while day is not None and (area.valid_to is None or day < area.valid_to):
        parent = register.area(area.parent, day)
        if parent is None:
            table.fault(
                area.line, "parent", "area.parent", parent=area.parent, day=day, code=area.code,
                hint=_hint(register, area.parent),
            )  # fmt: skip
            return
        if parent.level == area.level:
            circle = _circle(register, area)
            if circle:
                table.fault(area.line, "parent", "area.parent-circle", code=area.code, circle=" > ".join(circle))
            else:
                table.fault(
                    area.line, "parent", "area.parent-level", parent=area.parent, level=area.level, code=area.code
                )
            return
        day = parent.valid_to
    if circle := _circle(register, area):
        table.fault(area.line, "parent", "area.parent-circle", code=area.code, circle=" > ".join(circle))


def _circle(register: Register, area: Area) -> list[str]:
    """The codes from an area up to itself again, if its parents form a circle on its first day; else nothing."""
    path, above = [area.code], register.area(area.parent, area.valid_from)
    while above is not None and above.code not in path:
        path.append(above.code)
        above = register.area(above.parent, area.valid_from) if above.parent else None
    return [*path, area.code] if above is not None and above.code == area.code else []


def _hint(register: Register, code: str) -> str:
    """What a code that means nothing on a day may have been meant for: a lost zero, or the days on which it holds."""
    if versions := register.versions(code):
        return f" [{code}: {versions[0].valid_from} → {versions[-1].valid_to or '…'}]"
    padded = next((code.zfill(width) for width in (2, 3, 5) if register.versions(code.zfill(width))), "")
    return f" [→ {padded}?]" if padded else ""


def check_changes(table: Table, register: Register, changes: Sequence[Change], damaged: Collection[str]) -> None:
    """Report changes of codes that are not in force, that repeat, or that stand above the lowest level.

    Args:
        table: The file, to which faults are added.
        register: The areas.
        changes: The changes that could be read.
        damaged: Codes of broken rows of `areas.csv`, of which nothing more is said.
    """
    seen: dict[tuple[date, str, str, str], int] = {}
    for change in changes:
        before = change.effective - timedelta(days=1)
        sides = (("from", change.from_code, before), ("to", change.to_code, change.effective))
        for side, code, day in sides:
            if not code or code in damaged:
                continue
            if register.area(code, day) is None:
                _at(table, change, f"{side}_code", f"change.{side}", code=code, day=day, hint=_hint(register, code))
            elif change.from_code != change.to_code and register.has_children(code, day):
                _at(table, change, f"{side}_code", "change.not-lowest", code=code, day=day)
        key = (change.effective, change.from_code, change.to_code, change.part)
        if key in seen:
            _at(table, change, "from_code", "change.duplicate", other=seen[key])
        seen.setdefault(key, change.line)
        if change.part:
            _check_part(table, register, change, damaged)


def _at(table: Table, record: Change | Weight, column: str, rule: str, **facts: object) -> None:
    table.fault(record.line, column, rule, **facts)


def _check_part(table: Table, register: Register, change: Change, damaged: Collection[str]) -> None:
    match = _PART.fullmatch(change.part)
    try:
        day = date.fromisoformat(match["day"]) if match else None
    except ValueError:
        day = None
    if match is None or day is None:
        _at(table, change, "part", "change.part-shape", found=change.part[:80])
    elif not change.from_code:
        _at(table, change, "part", "change.part-new-land")
    elif day >= change.effective:
        _at(table, change, "part", "change.part-later", found=change.part, day=change.effective)
    elif match["code"] not in damaged and register.area(match["code"], day) is None:
        code = match["code"]
        _at(
            table, change, "part", "change.part-unknown", found=change.part, code=code, day=day,
            hint=_hint(register, code),
        )  # fmt: skip


def check_weights(
    table: Table, register: Register, changes: Sequence[Change] | None, weights: Sequence[Weight]
) -> None:
    """Report weights without a change, weights given twice, and shares of an area that add up to more than all of it.

    Args:
        table: The file, to which faults are added.
        register: The areas.
        changes: The changes, or None where they could not be read.
        weights: The weights that could be read.
    """
    known = None if changes is None else {(c.effective, c.from_code, c.to_code) for c in changes}
    seen: dict[tuple[date, str, str, str, str], int] = {}
    best: dict[tuple[date, str, str, str], Weight] = {}
    for weight in weights:
        piece = (weight.effective, weight.from_code, weight.to_code)
        if known is not None and piece not in known:
            _at(
                table, weight, "from_code", "weight.no-change", code=weight.from_code, to=weight.to_code,
                day=weight.effective,
            )  # fmt: skip
        key = (*piece, weight.basis)
        if (*key, weight.quality) in seen:
            _at(table, weight, "from_code", "weight.duplicate", other=seen[*key, weight.quality])
        seen.setdefault((*key, weight.quality), weight.line)
        if key not in best or QUALITIES.index(weight.quality) < QUALITIES.index(best[key].quality):
            best[key] = weight
    _check_sums(table, best.values())
    _check_wholes(table, register, changes or (), best)


def _check_sums(table: Table, weights: Iterable[Weight]) -> None:
    totals: dict[tuple[date, str, str], Decimal] = defaultdict(Decimal)
    for weight in weights:
        if weight.share is None:
            continue
        key = (weight.effective, weight.from_code, weight.basis)
        over = totals[key] > 1
        totals[key] += weight.share
        if totals[key] > 1 and not over:
            _at(
                table, weight, "share", "weight.share-sum", code=weight.from_code, day=weight.effective,
                basis=weight.basis, total=f"{totals[key]:f}",
            )  # fmt: skip


def _check_wholes(
    table: Table,
    register: Register,
    changes: Sequence[Change],
    best: Mapping[tuple[date, str, str, str], Weight],
) -> None:
    """Report cuts of which every piece has a share, and the shares make up less than all of it.

    A `part` is a piece like any other; where all rows of an area have one, it may keep the rest and live on.
    """
    pieces: dict[tuple[date, str], dict[str, None]] = defaultdict(dict)
    emptied = {(change.effective, change.from_code) for change in changes if not change.part}
    for change in changes:
        day, code = change.effective, change.from_code
        if code and ((day, code) in emptied or register.area(code, day) is None):
            pieces[change.effective, change.from_code][change.to_code] = None
    bases = {(day, code, basis) for day, code, _, basis in best}
    for day, code, basis in sorted(bases):
        there = [best.get((day, code, to, basis)) for to in pieces[day, code]]
        shares = [(weight.share, weight) for weight in there if weight is not None and weight.share is not None]
        total = sum((share for share, _ in shares), Decimal(0))
        if shares and len(shares) == len(there) and total + sum(_short_by(share) for share, _ in shares) < 1:
            last = max((weight for _, weight in shares), key=lambda weight: weight.line)
            _at(table, last, "share", "weight.share-short", code=code, day=day, basis=basis, total=f"{total:f}")


def _short_by(share: Decimal) -> Decimal:
    """What rounding can have taken from a share: half of its last digit, and never more than half a percent."""
    exponent = share.as_tuple().exponent
    return min(Decimal("0.005"), Decimal(5).scaleb(int(exponent) - 1))
