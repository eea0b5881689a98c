"""What the figures of one area are sums of: the finest categories and the shortest stretches of time, as sets of cells.

A code that has parts in its code list (0-14 years: 0-4, 5-9 and 10-14) is the sum of those that figures are reported
of, as in `engine.categories`; a single reported part does not make it up alone, the other parts of the list are there
too. Periods are made of the stretches between the days on which any of them begins or ends, so that a half-year is its
quarters whatever months there are. Categories that overlap (`none`) are figures of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from engine.frames import units
from engine.row_space import Cells
from indicators.definitions import Codelist, Measure
from indicators.periods import Period, parse_period

Leaves = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Of each dimension that combines, each code with the finest codes that it is made of; the empty code has all."""


@dataclass(frozen=True)
class Entry:
    """One figure of an area's table.

    Attributes:
        number: Its row.
        period: Its period.
        dimensions: Its categories.
        cells: What it is the sum of.
        amount: Its value as a whole number; None where it has none.
        hidden: It is suppressed.
    """

    number: int
    period: str
    dimensions: str
    cells: Cells
    amount: int | None
    hidden: bool


def combining(measure: Measure) -> dict[str, str]:
    """The rule by which the categories of each dimension make those of all; without those that overlap."""
    rules = {name: measure.dimension_rules.get(name) or measure.areas.rule for name in measure.dimensions}
    if measure.internal_flow is not None:
        rules[measure.internal_flow] = measure.areas.rule
    return {name: rule for name, rule in rules.items() if rule != "none"}


def leaves_of(texts: Iterable[str], measure: Measure, codelists: Mapping[str, Codelist]) -> Leaves:
    """The finest codes of every code that occurs.

    Args:
        texts: The dimensions of all figures of the measure: what nobody reports is taken not to be there.
        measure: The measure; the counterpart of its moves is a dimension, too.
        codelists: By id.
    """
    found: dict[str, set[str]] = {name: set() for name in combining(measure)}
    for text in texts:
        for name, code in pairs_of(text).items():
            if name in found:
                found[name].add(code)
    return {name: _made_of(codes, codelists.get(measure.dimensions.get(name, ""))) for name, codes in found.items()}


def pairs_of(text: str) -> dict[str, str]:
    """The dimensions and codes of a text of the contract.

    >>> pairs_of("age=Y15;sex=F")
    {'age': 'Y15', 'sex': 'F'}
    """
    return dict(pair.split("=", 1) for pair in text.split(";") if pair)


def _made_of(found: set[str], codelist: Codelist | None) -> dict[str, tuple[str, ...]]:
    below: dict[str, list[str]] = {}
    for code in codelist.codes.values() if codelist else ():
        below.setdefault(code.parent, []).append(code.code)
    occurring = {code: code in found for code in found}

    def occurs(code: str) -> bool:
        if code not in occurring:
            occurring[code] = any(occurs(part) for part in below.get(code, ()))
        return occurring[code]

    def finest(code: str) -> list[str]:
        parts = [part for part in below.get(code, ()) if occurs(part)]
        if len(parts) == 1:
            parts = below[code]
        return [leaf for part in parts for leaf in finest(part)] or [code]

    made = {code: tuple(dict.fromkeys(finest(code))) for code in sorted(found)}
    every = tuple(sorted({leaf for leaves in made.values() for leaf in leaves}))
    return {**made, "": every or ("",)}


def table_of(rows: pl.DataFrame, measure: Measure, leaves: Leaves) -> list[Entry]:
    """The figures of one area as sets of cells; cells that no figure tells apart are one.

    Args:
        rows: `row_no, time_period, dimensions, obs_value, obs_status` of one area.
        measure: The measure.
        leaves: As `leaves_of` gives them.
    """
    own = dict(leaves)
    if measure.internal_flow is not None:  # of an area's own list only: it moved nobody to places that are not there
        own |= leaves_of(rows["dimensions"].unique(), replace(measure, dimensions={}), {})
    times = _stretches(rows["time_period"].unique().sort().to_list(), measure)
    entries = [
        Entry(number, period, text, _cells(times[period], text, own), amount, status == "Q")
        for number, period, text, status, amount in rows.select(
            "row_no", "time_period", "dimensions", "obs_status", units("obs_value", measure.decimals).alias("amount")
        ).iter_rows()
    ]
    return _merged(_without(entries, _not_listed(entries, times, own, measure)))


def _cells(times: Sequence[date], text: str, leaves: Leaves) -> Cells:
    pairs = pairs_of(text)
    fixed = tuple(f"{name}={code}" for name, code in sorted(pairs.items()) if name not in leaves)
    axes = [codes[pairs.get(name, "")] for name, codes in sorted(leaves.items())]
    return frozenset((time, fixed, *combined) for time in times for combined in itertools.product(*axes))


def _stretches(texts: Sequence[str], measure: Measure) -> dict[str, list[date]]:
    """The stretches of time that each period is made of, by their first days; a stock is that of its last day."""
    periods = [parse_period(text) for text in texts]
    if measure.time == "stock":
        return {text: [period.end] for text, period in zip(texts, periods, strict=True)}
    days = sorted({day for period in periods for day in (period.start, _after(period))})
    return {text: [day for day in days if period.contains(day)] for text, period in zip(texts, periods, strict=True)}


def _after(period: Period) -> date:
    return period.end if period.end == date.max else period.end + timedelta(days=1)


def _not_listed(
    entries: Sequence[Entry], times: Mapping[str, Sequence[date]], leaves: Leaves, measure: Measure
) -> Cells:
    """The cells of moves that a list does not name: a list of moves is a list, so those did not happen."""
    flow = measure.internal_flow
    lists: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        pairs = pairs_of(entry.dimensions)
        if flow in pairs:
            rest = ";".join(f"{name}={code}" for name, code in pairs.items() if name != flow)
            lists.setdefault((entry.period, rest), set()).add(pairs[flow])
    return frozenset().union(
        *(
            _cells(times[period], f"{rest};{flow}={code}", leaves)
            for (period, rest), listed in lists.items()
            for code in leaves[flow or ""][""]
            if code not in listed
        )
    )


def _without(entries: Sequence[Entry], nothing: Cells) -> list[Entry]:
    return [replace(entry, cells=entry.cells - nothing) for entry in entries] if nothing else list(entries)


def _merged(entries: Sequence[Entry]) -> list[Entry]:
    """The same with one cell for all those that occur in the same figures."""
    holders: dict[object, list[int]] = {}
    for place, entry in enumerate(entries):
        for cell in entry.cells:
            holders.setdefault(cell, []).append(place)
    alike: dict[tuple[int, ...], int] = {}
    for places in sorted(map(tuple, holders.values())):
        alike.setdefault(places, len(alike))
    cells: list[set[int]] = [set() for _ in entries]
    for places, cell in alike.items():
        for place in places:
            cells[place].add(cell)
    return [replace(entry, cells=frozenset(own)) for entry, own in zip(entries, cells, strict=True)]
