"""Dimensions of the figures of a file: those that an item fixes, those in columns, and codes that no list has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from engine.conform_texts import conform_text
from engine.contract import DIMENSION
from engine.counterpart_codes import with_counterpart
from engine.sources import ROW, RowFault, shortened
from indicators.definitions import DataModel
from indicators.suggestions import guess

if TYPE_CHECKING:
    from indicators.catalog import Catalog


def with_fixed_dimensions(rows: pl.DataFrame, model: DataModel) -> pl.DataFrame:
    """Candidates with `dim:<dimension>` columns for the codes that hold for all values of an item, ordered by name."""
    fixed = {name for item in model.items.values() for name in item.dimensions}
    codes = [
        pl.col("item")
        .replace_strict(
            {name: item.dimensions.get(dimension) for name, item in model.items.items()},
            default=None,
            return_dtype=pl.String,
        )
        .alias(DIMENSION + dimension)
        for dimension in sorted(fixed)
    ]
    extended = rows.with_columns(codes)
    dimensions = sorted(name for name in extended.columns if name.startswith(DIMENSION))
    return extended.select(*[name for name in extended.columns if name not in dimensions], *dimensions)


def dimension_faults(rows: pl.DataFrame, model: DataModel, catalog: Catalog) -> list[RowFault]:
    """Rows with a code that the dimension's list does not have, or a dimension that the measure does not have."""
    faults: list[RowFault] = []
    for dimension, column in sorted(model.dimension_columns.items()):
        name = DIMENSION + dimension
        given = rows.filter(pl.col(name).is_not_null()).select(ROW, "measure", code=name)
        # The other area of a move is no code of a list: engine.counterpart_codes.
        ends = with_counterpart(dimension, sorted(given["measure"].unique()), catalog)
        given = given.filter(~pl.col("measure").is_in(ends))
        known = _codes(dimension, sorted(given["measure"].unique()), catalog)
        for row, measure, code in given.join(known, on=["measure", "code"], how="anti").iter_rows():
            rule, vi, en = _refusal(dimension, column, str(measure), str(code), catalog)
            faults.append(RowFault(row, rule, column, shortened(str(code)), vi, en))
    return faults


def dimensions_text(columns: Sequence[str]) -> pl.Expr:
    """`name=code` pairs sorted by name and joined with `;`; empty text for the total.

    Args:
        columns: `dim:<dimension>` columns, sorted; a null code is the total over that dimension.
    """
    pairs = [pl.concat_str(pl.lit(name.removeprefix(DIMENSION) + "="), pl.col(name)) for name in columns]
    return pl.concat_str(pairs, separator=";", ignore_nulls=True) if pairs else pl.lit("")


def _codes(dimension: str, measures: Sequence[str], catalog: Catalog) -> pl.DataFrame:
    pairs = [
        (measure, code)
        for measure in measures
        if dimension in catalog.measures[measure].dimensions
        for code in catalog.codelists[catalog.measures[measure].dimensions[dimension]].codes
    ]
    return pl.DataFrame(pairs, schema={"measure": pl.String, "code": pl.String}, orient="row")


def _refusal(dimension: str, column: str, measure: str, code: str, catalog: Catalog) -> tuple[str, str, str]:
    codelist = catalog.measures[measure].dimensions.get(dimension)
    if codelist is None:
        rule = "load.dimension-not-of-measure"
        return rule, *conform_text(rule, measure=measure, column=column)
    rule = "load.unknown-code"
    guess_vi, guess_en = guess(code, catalog.codelists[codelist].codes)
    facts = {"value": shortened(code, 60), "column": column, "codelist": codelist}
    return rule, *conform_text(rule, guess=guess_vi, guess_en=guess_en, **facts)
