"""Keeps suppressed figures from being worked out: what would reveal one by subtraction is suppressed as well.

A figure with status Q is not told; its total and the other categories may give it away (total 10, men 6: women 4). So
before anything is restated, each table that holds a suppressed figure is checked: if what stands beside it determines
it, the finest and smallest figure that takes part is suppressed too (secondary suppression), until it does not. Totals
are kept where that is possible. Everything published is made of what is left, so no later sum, of any areas or levels,
can tell more than the tables themselves.

Periods are part of the table: months make the year. The same territory reported under other areas' codes is withheld
where it overlaps a suppressed figure, since sums of areas of both days would tell. Only sums are protected: a mean or
an index has no parts to subtract. Intervals are not: that a figure lies between 0 and its total may be known.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from engine.crossed_tables import additive_dimensions
from engine.frames import NUM, units
from engine.row_space import Cells, explaining
from indicators.areas import Register
from indicators.correspondence import correspondence
from indicators.definitions import Measure
from indicators.findings import Finding
from indicators.levels import standing_level
from indicators.periods import Period, parse_period

SUPPRESSED = "Q"
AREA = ["area_basis", "ref_area"]


@dataclass(frozen=True)
class Protected:
    """Observations in which no suppressed figure is determined by others, and what was done for it."""

    observations: pl.DataFrame
    findings: tuple[Finding, ...]


def protect(observations: pl.DataFrame, measure: Measure, register: Register) -> Protected:
    """Suppress what would reveal a suppressed figure.

    Args:
        observations: All observations of one measure that may ever be published beside each other, at least
            `area_basis, ref_area, time_period, dimensions, obs_value, obs_status`.
        measure: Its rules.
        register: The areas, for figures of the same territory under the codes of several days.

    Returns:
        The observations, in their order; suppressed ones have no value and status Q. One finding for each table.
    """
    closed = observations.filter(pl.col("obs_status") == SUPPRESSED)
    if measure.areas.rule != "sum" or closed.is_empty():
        return Protected(observations, ())
    numbered = observations.with_row_index("row_no")
    withheld = _same_territory(numbered, closed, measure, register)
    tables = numbered.filter(~pl.col("row_no").is_in(withheld)).join(closed.select(AREA).unique(), on=AREA, how="semi")
    codes = _codes(observations, additive_dimensions(measure))
    found = set(withheld)
    for _, table in sorted(tables.partition_by(AREA, as_dict=True).items()):
        found |= _secondary(table, measure, codes)
    chosen = pl.col("row_no").is_in(sorted(found))
    hidden = numbered.with_columns(
        obs_value=pl.when(chosen).then(None).otherwise("obs_value").cast(NUM),
        obs_status=pl.when(chosen).then(pl.lit(SUPPRESSED)).otherwise("obs_status"),
    )
    findings = _findings(numbered.filter(chosen), measure)
    return Protected(hidden.drop("row_no"), findings)


def protect_all(observations: pl.DataFrame, measures: Sequence[Measure], register: Register) -> Protected:
    """Suppress what would reveal a suppressed figure of any of several measures; other measures stay as they are."""
    if not (observations["obs_status"] == SUPPRESSED).any():
        return Protected(observations, ())
    done = [protect(observations.filter(pl.col("measure") == one.id), one, register) for one in measures]
    others = observations.filter(~pl.col("measure").is_in([one.id for one in measures]))
    every = pl.concat([others, *(one.observations for one in done)])
    return Protected(every, tuple(finding for one in done for finding in one.findings))


def _findings(rows: pl.DataFrame, measure: Measure) -> tuple[Finding, ...]:
    findings = []
    for row in rows.sort(*AREA, "time_period", "dimensions").iter_rows(named=True):
        where = " ".join(filter(None, (measure.id, row["ref_area"], row["time_period"], row["dimensions"])))
        vi = f"{where}: không công bố vì lấy số này trừ đi sẽ lộ một số liệu đã được giữ kín (trạng thái Q)"
        en = f"{where}: withheld, as subtracting it would reveal a figure that is suppressed (status Q)"
        findings.append(
            Finding(
                "restate.protected", "warning", vi, en,
                subject=measure.id, ref_area=row["ref_area"], time_period=row["time_period"],
            )
        )  # fmt: skip
    return tuple(findings)


def _codes(observations: pl.DataFrame, additive: Iterable[str]) -> dict[str, list[str]]:
    """Every code of each additive dimension that any figure has: what a total is taken to be the sum of."""
    found: dict[str, set[str]] = {name: set() for name in additive}
    for text in observations["dimensions"].unique():
        for name, code in _pairs(text).items():
            if name in found:
                found[name].add(code)
    return {name: sorted(codes) or [""] for name, codes in found.items()}


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(";") if pair)


def _secondary(table: pl.DataFrame, measure: Measure, codes: Mapping[str, list[str]]) -> set[int]:
    """The rows of one area to suppress as well."""
    times = _times(table["time_period"].unique().to_list(), measure)
    rows = table.select(
        "row_no", "time_period", "dimensions", "obs_status", amount=units("obs_value", measure.decimals)
    ).rows(named=True)
    cells = {row["row_no"]: _cells(row, times, codes) for row in rows}
    open_rows = [row for row in rows if row["amount"] is not None and row["obs_status"] != SUPPRESSED]
    open_rows.sort(
        key=lambda row: (row["dimensions"].count("="), -abs(row["amount"]), row["dimensions"], row["row_no"])
    )
    closed = sorted(
        {cells[row["row_no"]] for row in rows if row["obs_status"] == SUPPRESSED},
        key=lambda one: sorted(map(repr, one)),
    )
    found: set[int] = set()
    for target in closed:
        while True:
            known = [row for row in open_rows if row["row_no"] not in found]
            sums = [(cells[row["row_no"]], row["amount"]) for row in known]
            telling = explaining(target, sums, signed=measure.signed)
            if not telling:
                break
            found.add(known[telling[-1]]["row_no"])
    return found


def _cells(row: Mapping[str, Any], times: Mapping[str, Sequence[str]], codes: Mapping[str, list[str]]) -> Cells:
    """The finest figures that a row is the sum of; categories that overlap are figures of their own."""
    pairs = _pairs(row["dimensions"])
    fixed = tuple(f"{name}={code}" for name, code in sorted(pairs.items()) if name not in codes)
    axes = [[pairs[name]] if name in pairs else every for name, every in sorted(codes.items())]
    return frozenset(
        (time, fixed, *combined) for time in times[row["time_period"]] for combined in itertools.product(*axes)
    )


def _times(periods: Sequence[str], measure: Measure) -> dict[str, list[str]]:
    """What each period is made of: a stock is that of its last day, all else the shortest periods that it contains."""
    parsed = [parse_period(text) for text in periods]
    if measure.time == "stock":
        return {period.text: [period.end.isoformat()] for period in parsed}
    return {period.text: _parts(period, parsed) for period in parsed}


def _parts(period: Period, periods: Sequence[Period]) -> list[str]:
    within = [other for other in periods if other != period and period.contains(other)]
    if not within:
        return [period.text]
    finest = [one for one in within if not any(other != one and one.contains(other) for other in within)]
    days = {date.fromordinal(n) for part in finest for n in range(part.start.toordinal(), part.end.toordinal() + 1)}
    rest = [] if len(days) == (period.end - period.start).days + 1 else [f"rest of {period.text}"]
    return [*(part.text for part in finest), *rest]


def _same_territory(numbered: pl.DataFrame, closed: pl.DataFrame, measure: Measure, register: Register) -> list[int]:
    """The rows of other days' areas that share territory with a suppressed figure of an overlapping period."""
    bases = sorted(numbered["area_basis"].unique().to_list())
    found: set[int] = set()
    for basis, other in itertools.permutations(bases, 2):
        own = closed.filter(pl.col("area_basis") == basis)
        if own.is_empty():
            continue
        level, its_level = (standing_level(register, day, measure.level) for day in (basis, other))
        pairs = correspondence(register, basis, other, level, its_level).by_source
        for area, group in own.partition_by("ref_area", as_dict=True).items():
            reached = [pair.to_area for pair in pairs.get(str(area[0]), ()) if pair.upper > 0]
            rows = numbered.filter(
                pl.col("area_basis") == other, pl.col("ref_area").is_in(reached), pl.col("obs_value").is_not_null()
            )
            times = [parse_period(text) for text in group["time_period"].unique()]
            for number, text in rows.select("row_no", "time_period").iter_rows():
                if any(parse_period(text).start <= time.end and time.start <= parse_period(text).end for time in times):
                    found.add(number)
    return sorted(found)
