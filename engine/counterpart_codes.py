"""Codes of the other area of a move: areas of the same day and level as the first, and no code list's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from engine.area_codes import area_faults
from engine.contract import DIMENSION
from engine.sources import RowFault
from indicators.definitions import DataModel

if TYPE_CHECKING:
    from indicators.catalog import Catalog


def with_counterpart(dimension: str, measures: Iterable[str], catalog: Catalog) -> list[str]:
    """The measures for which a dimension names the other area of a move."""
    return [name for name in measures if catalog.measures[name].internal_flow == dimension]


def counterpart_faults(rows: pl.DataFrame, model: DataModel, catalog: Catalog, basis: date) -> list[RowFault]:
    """Rows whose other area is no area of the measure's level on the day.

    Args:
        rows: Candidates with `dim:<dimension>` columns, `measure` and `level`.
        model: Names the columns.
        catalog: The measures and the register.
        basis: The day whose areas the codes mean.
    """
    faults: list[RowFault] = []
    for dimension, column in sorted(model.dimension_columns.items()):
        name = DIMENSION + dimension
        of = with_counterpart(dimension, sorted(rows["measure"].unique()), catalog)
        ends = rows.filter(pl.col("measure").is_in(of)).with_columns(area=pl.col(name), name=pl.lit(None, pl.String))
        if not ends.is_empty():
            faults += area_faults(ends, catalog.register, basis, replace(model, area_column=column))
    return faults
