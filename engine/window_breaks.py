"""Which figures of a flow break within their window: territory changed after counting began and before it ended.

Such a figure counts part of its window on the areas before the change and part on those after it. It is marked as a
break in the series (SDMX status B), by the reason kept in `docs/decisions/0020-windows-across-a-change.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from engine.frames import RESTATED, STATUSES, rank
from indicators.areas import Register
from indicators.correspondence import correspondence
from indicators.definitions import Calendar, Measure
from indicators.findings import Finding
from indicators.periods import parse_period
from indicators.windows import Window, window

BREAKS = {"time_period": pl.String(), "ref_area": pl.String()}


def breaks(
    register: Register, periods: Iterable[str], calendar: Calendar | None, day: date, level: str
) -> pl.DataFrame:
    """The areas of a day whose territory changed within the window of a period: `time_period, ref_area`, ordered."""
    found: list[tuple[str, str]] = []
    for text in sorted(set(periods)):
        found += [
            (text, code) for code in sorted(broken_areas(register, window(parse_period(text), calendar), day, level))
        ]
    return pl.DataFrame(found, schema=BREAKS, orient="row")


@lru_cache(maxsize=64)
def broken_areas(register: Register, counted: Window, day: date, level: str) -> frozenset[str]:
    """The areas of a day and level that have territory whose area, at that level, was another before than after.

    A province whose communes were rearranged inside it is unchanged as a province.
    """
    found: set[str] = set()
    for change in counted.changes(register):
        side = change if day >= change else change - timedelta(days=1)
        at, changed = _changed(register, change, side, level)
        if not _between(register, side, day) and at == level:
            found |= changed
        elif changed:
            pairs = correspondence(register, side, day, at, level).pairs
            found |= {pair.to_area for pair in pairs if pair.from_area in changed and pair.upper > 0}
    return frozenset(found - {""})


def mark(rows: pl.DataFrame, broken: pl.DataFrame) -> pl.DataFrame:
    """Restated rows with status B where their window breaks; a status that weighs more (P, E, ...) stays."""
    if broken.is_empty():
        return rows
    marked = rows.join(broken.with_columns(breaks=pl.lit(value=True)), on=[*BREAKS], how="left", maintain_order="left")
    weaker = rank("obs_status", STATUSES) < STATUSES.index("B")
    changed = pl.col("breaks").fill_null(value=False) & pl.col("obs_value").is_not_null() & weaker
    status = pl.when(changed).then(pl.lit("B")).otherwise(pl.col("obs_status"))
    return marked.with_columns(obs_status=status).drop("breaks")


def tell(rows: pl.DataFrame, given: pl.DataFrame, broken: pl.DataFrame, measure: Measure) -> list[Finding]:
    """One remark for each period: how many figures count on both sides of a change, and why they are marked.

    Args:
        rows: The figures to speak of.
        given: Those that were not made of shorter periods; what was made counts across a change where it says so (B).
        broken: As `breaks` gives it.
        measure: Whose figures.
    """
    valued = rows.filter(pl.col("obs_value").is_not_null()).join(broken, on=[*BREAKS], how="semi")
    same = valued.join(given, on=list(RESTATED), how="semi", nulls_equal=True)
    hit = pl.concat([same, valued.filter(pl.col("obs_status") == "B")])
    findings = []
    for (period,), group in sorted(hit.partition_by("time_period", as_dict=True).items()):
        codes = sorted(group["ref_area"].unique())
        some = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
        vi = (
            f"{measure.id} {period}: kỳ số liệu vắt qua ngày đổi địa giới, {len(codes)} địa bàn ({some}) đếm một phần"
            " theo địa bàn cũ, một phần theo địa bàn mới; số được đánh dấu B (ngắt chuỗi). Nạp số liệu các kỳ ngắn"
            " hơn ở hai bên ngày đó thì tính được riêng từng phần"
        )
        en = (
            f"{measure.id} {period}: the window crosses a change of boundaries; {len(codes)} areas ({some}) are counted"
            " partly on the areas before it and partly on those after it, and are marked B (break). Load the figures of"
            " shorter periods on both sides of that day, and each side is restated on its own"
        )
        findings.append(Finding("run.break-in-window", "info", vi, en, subject=measure.id, time_period=str(period)))
    return findings


def early_basis(
    register: Register,
    periods: Iterable[str],
    calendar: Calendar | None,
    basis: date,
    measure: Measure,
    option: str = "--basis",
) -> list[Finding]:
    """Warnings of flows whose codes are of a day before a change that was in force when their window ended.

    Who reports at the end of a window reports for the areas of that day; the same code may then mean another area. One
    warning for each window that crosses such a change, and one for all windows that lie wholly after it.

    Args:
        register: The areas.
        periods: Of the figures.
        calendar: Has their windows.
        basis: The day whose areas the codes are taken to mean.
        measure: Whose figures.
        option: What says so on the command line.
    """
    findings = []
    after: list[tuple[date, str]] = []
    for text in sorted(set(periods)):
        counted = window(parse_period(text), calendar)
        if any(basis < change for change in counted.changes(register)):
            findings.append(_crossing(text, counted, basis, measure, option))
        elif any(basis < change <= counted.first for change in register.change_days):
            after.append((counted.last, text))
    return [*findings, *_after(after, basis, measure, option)]


def _crossing(text: str, counted: Window, basis: date, measure: Measure, option: str) -> Finding:
    vi = (
        f"{measure.id} {text}: kỳ số liệu đến {counted.last} nhưng mã địa bàn được hiểu theo ngày {basis}, trước"
        f" ngày đổi địa giới; nếu tệp dùng mã mới thì dùng {option} {counted.last}"
    )
    en = (
        f"{measure.id} {text}: the window ends on {counted.last}, but the area codes are read as those of {basis},"
        f" before the change of boundaries; if the file has the new codes, give {option} {counted.last}"
    )
    return Finding("run.basis-before-end", "warning", vi, en, subject=measure.id, time_period=text)


def _after(found: list[tuple[date, str]], basis: date, measure: Measure, option: str) -> list[Finding]:
    if not found:
        return []
    periods, last = [text for _, text in found], max(found)[0]
    some = ", ".join(periods[:10]) + (" …" if len(periods) > 10 else "")
    vi = (
        f"{measure.id}: {len(periods)} kỳ ({some}) nằm sau ngày đổi địa giới nhưng mã địa bàn được hiểu theo ngày"
        f" {basis}, trước ngày đó; nếu tệp dùng mã mới thì dùng {option} {last}"
    )
    en = (
        f"{measure.id}: {len(periods)} periods ({some}) lie after a change of boundaries, but the area codes are read"
        f" as those of {basis}, before it; if the file has the new codes, give {option} {last}"
    )
    return [Finding("run.basis-before-end", "warning", vi, en, subject=measure.id, time_period=periods[0])]


def _changed(register: Register, change: date, side: date, level: str) -> tuple[str, set[str]]:
    """The level compared, and its areas on one side of a change that are not the very same on the other side.

    Where the level is in force on that side only, all its areas came or went. Where it is on neither, the lowest level
    on both sides tells.
    """
    before = {area.level for area in register.on(change - timedelta(days=1)).values()}
    after = {area.level for area in register.on(change).values()}
    here = after if side == change else before
    if level in here and level not in before & after:
        return level, {area.code for area in register.on(side).values() if area.level == level}
    shared = [known for known in register.levels if known in before & after]
    if level not in shared and not shared:
        return level, set()
    at = level if level in shared else shared[-1]
    pairs = correspondence(register, change - timedelta(days=1), change, at, at)
    if side == change:
        return at, set(pairs.to_areas) - {pair.to_area for pair in pairs.pairs if pair.same}
    return at, set(pairs.from_areas) - {pair.from_area for pair in pairs.pairs if pair.same}


def _between(register: Register, one: date, other: date) -> bool:
    """Whether territory moved between two days."""
    first, last = min(one, other), max(one, other)
    return any(first < moved <= last for moved in register.change_days)
