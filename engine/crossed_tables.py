"""Shares the whole table of a cut area at once, so that its pieces are whole numbers that add up in every direction.

A table is all that one area reported for one period: cells that are crossed by dimensions (sex by age), and margins
that stand beside them (the total, each sex). Cells are rounded together (`engine.controlled_rounding`); a margin that
is the sum of its cells is given the sum of what they are given. Dimensions whose categories overlap make tables apart.
A single series has no table to fit and stays with largest remainder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from engine.controlled_rounding import Codes, controlled, farthest, groups_of, with_totals
from engine.rounding_repair import repaired
from indicators.definitions import Measure

Names = tuple[str, ...]
GIVEN = {"figure_no": pl.UInt32, "to_area": pl.String, "fitted": pl.Int128, "rough": pl.Boolean}


@dataclass
class _Row:
    """One figure of a table, by its additive dimensions."""

    number: int
    codes: Mapping[str, str]
    amount: int
    given: list[int] | None = None


def additive_dimensions(measure: Measure) -> Names:
    """The dimensions whose categories add up to the total; none for a measure that does not add up itself.

    The other area of a move (`internal_flow`) is one: where people went adds up to how many left.
    """
    if measure.areas.rule != "sum":
        return ()
    names = {name for name in measure.dimensions if measure.dimension_rules.get(name, "sum") == "sum"}
    return tuple(sorted({*names, *filter(None, [measure.internal_flow])}))


def fitted(pieces: pl.DataFrame, additive: Names) -> pl.DataFrame:
    """What the pieces of cut areas get where several figures of an area and period make a table.

    Args:
        pieces: `figure_no, ref_area, time_period, dimensions, amount, to_area, part, parts, remainder, known`, as
            `engine.apportion` has them.
        additive: The dimensions whose categories add up.

    Returns:
        `figure_no, to_area, fitted`, and `rough`: whether a number of its table lies a unit or more from its unrounded
        value, because no better rounding was found. Only tables with something to round are there.
    """
    group = ["ref_area", "time_period"]
    several = (pl.col("figure_no").n_unique() > 1) & (pl.col("remainder") > 0).any()
    shared = pieces.filter(pl.col("known"), pl.col("amount").is_not_null(), pl.col("part") > 0)
    tables = shared.filter(several.over(group)) if additive else shared.clear()
    found: list[tuple[int, str | None, int, bool]] = []
    for _, table in sorted(tables.partition_by(group, as_dict=True).items()):
        found += _table(table.sort("figure_no", "to_area", nulls_last=True).rows(named=True), additive)
    return pl.DataFrame(found, schema=GIVEN, orient="row")


def _table(rows: Sequence[Mapping[str, Any]], additive: Names) -> Iterable[tuple[int, str | None, int, bool]]:
    first = rows[0]["figure_no"]
    targets = [row["to_area"] for row in rows if row["figure_no"] == first]
    shares = [Fraction(row["part"], row["parts"]) for row in rows if row["figure_no"] == first]
    apart: dict[Names, list[_Row]] = {}
    for row in rows[:: len(targets)]:
        codes = dict(pair.split("=", 1) for pair in row["dimensions"].split(";") if pair)
        others = tuple(f"{name}={code}" for name, code in sorted(codes.items()) if name not in additive)
        own = {name: code for name, code in codes.items() if name in additive}
        apart.setdefault(others, []).append(_Row(row["figure_no"], own, row["amount"]))
    for figures in apart.values():
        rough = _share(figures, shares)
        for figure in figures:
            for target, amount in zip(targets, figure.given or (), strict=True):
                yield figure.number, target, amount, rough


def _share(figures: list[_Row], shares: Sequence[Fraction]) -> bool:
    """Give every figure of one table to the pieces, the finest breakdown first."""
    breakdowns: dict[Names, list[_Row]] = {}
    for figure in figures:
        breakdowns.setdefault(tuple(sorted(figure.codes)), []).append(figure)
    done: list[tuple[Names, list[_Row]]] = []
    rough = False
    for names in sorted(breakdowns, key=lambda one: (-len(one), one)):
        own = breakdowns[names]
        finer = [cells for other, cells in done if set(names) < set(other)]
        for figure in own:
            figure.given = next((given for cells in finer if (given := _sum(figure, cells)) is not None), None)
        rough |= _round([figure for figure in own if figure.given is None], names, shares, done)
        done.append((names, own))
    return rough


def _sum(margin: _Row, cells: list[_Row]) -> list[int] | None:
    """What the cells of a margin were given, if they make it up."""
    its = [cell for cell in cells if margin.codes.items() <= cell.codes.items()]
    if not its or sum(cell.amount for cell in its) != margin.amount:
        return None
    return [sum(column) for column in zip(*(cell.given or () for cell in its), strict=True)]


def _round(
    cells: list[_Row], names: Names, shares: Sequence[Fraction], done: Sequence[tuple[Names, list[_Row]]]
) -> bool:
    """Round one breakdown; its total is that of a breakdown already rounded, where both make up the same."""
    if not cells:
        return False
    cells.sort(key=lambda cell: tuple(cell.codes[name] for name in names))
    amounts = [cell.amount for cell in cells]
    codes: list[Codes] = [tuple(cell.codes[name] for name in names) for cell in cells]
    given = controlled(amounts, codes, shares)
    if farthest(given, amounts, codes, shares) >= 1:
        given = repaired(given, amounts, groups_of(codes), shares)
    whole = _Row(-1, {}, sum(amounts))
    total = next((sums for _, others in done if (sums := _sum(whole, others)) is not None), None)
    if total is not None:
        with_totals(given, amounts, shares, total)
    for cell, row in zip(cells, given, strict=True):
        cell.given = row
    return farthest(given, amounts, codes, shares) >= 1
