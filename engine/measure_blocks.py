"""From the figures of one measure as they lie in a file to a block that can be added up, or not: then nothing is lost.

Whatever is odd about a measure (an unknown code, a key that occurs twice, a negative count, a figure with too many
decimals) leaves it to the general path, which says what is wrong and in which rows.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from engine.block_columns import ABSENT, BLANK, Words
from engine.dense_layout import LARGEST, Ints, Layout
from engine.dense_scope import figures_fit
from engine.dense_sum import Block, fits
from engine.observation_blocks import Figures, Series
from indicators.catalog import Catalog
from indicators.definitions import Measure
from indicators.findings import DataFault
from indicators.periods import parse_period


def past_periods(today: date) -> Words:
    """Texts that are periods, as they are written here, that have begun."""

    def accept(text: str) -> bool:
        try:
            period = parse_period(text)
        except DataFault:
            return False
        return period.text == text and period.start <= today

    return Words(accept=accept)


def any_codes() -> Words:
    """Codes of a dimension column; number 0 is the total. Whether a measure knows them is asked series by series."""
    return Words([""], accept=lambda text: True)


def block_of(
    figures: Figures, scale: int, measure: Measure, layout: Layout, catalog: Catalog, dimensions: tuple[str, ...]
) -> Block | None:
    """The block of a measure, or None where its rows need to be looked at one by one.

    Args:
        figures: As read.
        scale: Decimals of the file's column of figures.
        measure: Its rules.
        layout: Names the areas of its level.
        catalog: Its code lists.
        dimensions: The dimension columns of the file.
    """
    if not figures.series or not all(_known(one, measure, catalog, dimensions) for one in figures.series):
        return None
    values = figures.values
    there = np.count_nonzero(values != ABSENT) - len(values)  # less the column that is always zero
    if there != figures.rows or _elsewhere(values, layout):
        return None
    missing = values <= BLANK
    np.putmask(values, missing, 0)
    exact = _in_units(values, scale, measure.decimals)
    if exact is None:
        return None
    block = Block(exact, missing, figures.status if figures.status.any() else None)
    return block if fits(block.largest, layout) and figures_fit(block, measure) else None


def _known(series: Series, measure: Measure, catalog: Catalog, dimensions: tuple[str, ...]) -> bool:
    return all(
        not code or (name in measure.dimensions and code in catalog.codelists[measure.dimensions[name]].codes)
        for name, code in zip(dimensions, series[1:], strict=True)
    )


def _elsewhere(values: Ints, layout: Layout) -> bool:
    """Whether there are figures of areas of another level."""
    others = np.ones(values.shape[1], bool)
    others[layout.sources] = False
    others[-1] = False
    return bool(others.any() and (values[:, others] != ABSENT).any())


def _in_units(values: Ints, scale: int, decimals: int) -> Ints | None:
    """Figures in smallest units of the measure; None where one has more decimals, or is too large."""
    if scale == decimals:
        return values
    factor = 10 ** abs(scale - decimals)
    if scale > decimals:
        whole, rest = np.divmod(values, factor)
        return None if rest.any() else whole
    largest = max(int(values.max(initial=0)), -int(values.min(initial=0)))
    return values * factor if largest * factor < LARGEST else None
