"""The check of `engine.margins` on a block of figures: the same warnings, at the cost of an addition for each category.

Only where a total of the block is not what its categories make are the figures laid out in rows and looked at there,
with their statuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from engine.categories import Tree, deepest_first, whole_categories
from engine.dense_layout import Bools, Ints
from engine.dense_sum import Block
from engine.frames import STATUSES, decimal
from engine.margins import margin_findings
from engine.table_cells import combining
from indicators.definitions import Codelist, Measure
from indicators.findings import Finding

Cells = tuple[Ints, Bools]
"""The figures of a series by area, and where there are any."""


def block_margins(
    block: Block,
    codes: Sequence[str],
    series: Sequence[tuple[str, str]],
    measure: Measure,
    codelists: Mapping[str, Codelist],
) -> tuple[Finding, ...]:
    """A warning for each figure that its parts do not make; see `engine.margins.margin_findings`.

    Args:
        block: The figures.
        codes: The areas of its columns.
        series: Period and dimensions of each row.
        measure: Its rules.
        codelists: By id.
    """
    if not _contradicts_itself(block, series, measure, codelists):
        return ()
    return margin_findings(_in_rows(block, codes, series, measure), measure, codelists)


def _in_rows(block: Block, codes: Sequence[str], series: Sequence[tuple[str, str]], measure: Measure) -> pl.DataFrame:
    row, column = np.nonzero(~block.missing[:, : len(codes)])
    status = np.zeros(len(row), np.int8) if block.status is None else block.status[row, column]
    return pl.DataFrame(
        {
            "ref_area": pl.Series(codes, dtype=pl.String)[column],
            "time_period": pl.Series([period for period, _ in series], dtype=pl.String)[row],
            "dimensions": pl.Series([text for _, text in series], dtype=pl.String)[row],
            "obs_status": pl.Series(STATUSES)[status],
            "number": pl.Series(block.values[row, column]),
        }
    ).select(
        pl.exclude("number"),
        # All are of one day, and a null would join nothing.
        area_basis=pl.lit(date.min),
        obs_value=decimal(pl.col("number"), measure.decimals),
    )


def _contradicts_itself(
    block: Block, series: Sequence[tuple[str, str]], measure: Measure, codelists: Mapping[str, Codelist]
) -> bool:
    """Whether any figure differs from what all its parts in the code list add up to, by more than rounding may do."""
    if not any(text for _, text in series):
        return False
    names = [name for name, rule in combining(measure).items() if rule == "sum"]
    trees = whole_categories(measure, names, codelists)
    return any(
        _differs(rows, block, tree, 1 if measure.decimals else 0)
        for name, tree in trees.items()
        for rows in _by_code(series, name)
        if len(rows) > 1
    )


def _by_code(series: Sequence[tuple[str, str]], name: str) -> Iterable[dict[str, int]]:
    """The rows that differ in one dimension only, by their code of it; empty for all codes."""
    groups: dict[tuple[str, tuple[str, ...]], dict[str, int]] = {}
    for row, (period, text) in enumerate(series):
        pairs = [pair for pair in text.split(";") if pair]
        code = next((pair.partition("=")[2] for pair in pairs if pair.startswith(f"{name}=")), "")
        rest = tuple(pair for pair in pairs if not pair.startswith(f"{name}="))
        groups.setdefault((period, rest), {})[code] = row
    return groups.values()


def _differs(rows: Mapping[str, int], block: Block, tree: Tree, rounded: int) -> bool:
    """Whether the figure of any code differs from those below it, where all of them are there."""
    known: dict[str, Cells] = {code: (block.values[row], ~block.missing[row]) for code, row in rows.items()}
    for parent in (*deepest_first(tree), ""):
        parts = [known[code] for code in tree.get(parent, ()) if code in known]
        if not parts or len(parts) < len(tree[parent]):
            continue
        summed = np.sum([values for values, _ in parts], axis=0)
        there = np.logical_and.reduce([cells for _, cells in parts])
        if parent not in known:
            known[parent] = (summed, there)
            continue
        values, given = known[parent]
        apart = np.abs(values - summed) * 2 > rounded * (len(parts) + 1)
        if (apart & there & given).any():
            return True
    return False
