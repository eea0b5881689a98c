"""Source rows as observations to be: one row for each figure, still as text, whatever the layout of the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import polars as pl

from engine.conform_texts import conform_text
from engine.frames import NUM
from engine.sources import ROW, Source
from indicators.definitions import DataModel
from indicators.findings import DataFault, Finding
from indicators.formula import parse_formula
from indicators.suggestions import guess, nearest

if TYPE_CHECKING:
    from indicators.catalog import Catalog


def check_columns(source: Source, model: DataModel) -> None:
    """Refuse a file that lacks a column of its model or has one that the model does not know.

    Raises:
        DataFault: One finding for each column.
    """
    needed = _needed(model)
    known = {*needed, *_optional(model)}
    missing = [name for name in needed if name not in source.columns]
    unknown = [name for name in source.columns if name not in known]
    findings = [_column_fault(source, model, "load.no-column", name, unknown) for name in missing]
    findings += [_column_fault(source, model, "load.unknown-column", name, missing or known) for name in unknown]
    if findings:
        raise DataFault(findings)


def numeric_columns(model: DataModel) -> list[str]:
    """Columns that are no items and that row rules compute with; their cells must be numbers, or empty."""
    named = {name for rule in model.rules for name in parse_formula(rule.check).names}
    figures = set(model.items) if model.layout == "wide" else {model.value_column}
    return sorted(named - figures)


def candidates(frame: pl.DataFrame, model: DataModel) -> pl.DataFrame:
    """One row for each figure of a source, ordered by source row and item; a column `dim:NAME` for each dimension.

    Args:
        frame: The rows of a `Source` whose columns were checked.
        model: Says what its columns mean.
    """
    shared = {
        "area": _cell(frame, model.area_column),
        "name": _cell(frame, model.name_column),
        "time": _cell(frame, model.time_column),
        "status": _cell(frame, model.status_column),
        **{f"dim:{name}": _cell(frame, column) for name, column in sorted(model.dimension_columns.items())},
    }
    if model.layout == "long":
        item = _cell(frame, model.item_column) if model.item_column else pl.lit(next(iter(model.items)))
        value = pl.col(model.value_column)
        figures = [_figures(frame, shared, item, value, model.value_column)]
    else:
        figures = [_figures(frame, shared, pl.lit(name), pl.col(name), name) for name in model.items]
    return pl.concat(figures).sort(ROW, "item", maintain_order=True)


def items_frame(model: DataModel, catalog: Catalog) -> pl.DataFrame:
    """What each item of a model means: its measure and the limits of its values."""
    rows = []
    for name, item in model.items.items():
        measure = catalog.measures[item.measure]
        facts = (item.minimum, item.maximum, item.status, measure.decimals, measure.signed, measure.level)
        rows.append((name, item.measure, measure.unit, *facts))
    schema: Mapping[str, type[pl.DataType] | pl.DataType] = {
        **dict.fromkeys(("item", "measure", "unit"), pl.String),
        **dict.fromkeys(("minimum", "maximum"), NUM),
        "item_status": pl.String,
        "decimals": pl.Int64,
        "signed": pl.Boolean,
        "level": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _needed(model: DataModel) -> list[str]:
    figures = list(model.items) if model.layout == "wide" else [model.value_column]
    places = [model.area_column, model.time_column, model.item_column, *model.dimension_columns.values()]
    return list(dict.fromkeys(name for name in (*places, *figures, *numeric_columns(model)) if name))


def _optional(model: DataModel) -> list[str]:
    return [name for name in (model.name_column, model.status_column, *model.other_columns) if name]


def _cell(frame: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column) if column in frame.columns else pl.lit(None, dtype=pl.String)


def _figures(
    frame: pl.DataFrame, shared: Mapping[str, pl.Expr], item: pl.Expr, value: pl.Expr, column: str
) -> pl.DataFrame:
    named = [expression.alias(name) for name, expression in shared.items()]
    return frame.select(ROW, item.alias("item"), value.alias("value"), pl.lit(column).alias("value_column"), *named)


def _column_fault(source: Source, model: DataModel, rule: str, column: str, near: Collection[str]) -> Finding:
    """A fault of a column; `near` are those that may have been meant: of the file, or of the model."""
    guess_vi, guess_en = guess(column, near) if near else ("thêm cột này", "add it")
    if near and rule == "load.no-column" and not nearest(column, near):
        others = ", ".join(sorted(near))
        guess_vi, guess_en = (
            f"thêm cột này (tệp có cột lạ: {others})",
            f"add it (the file has unknown columns: {others})",
        )
    vi, en = conform_text(rule, column=column, model=model.id, guess=guess_vi, guess_en=guess_en)
    return Finding(rule, "error", vi, en, file=source.file, line=1, subject=model.id)
