"""Conform: rows of a source file become observations that fit their data model, or rejects that say why not.

Nothing is repaired. A source row is good as a whole or rejected as a whole, with every fault that was found in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from engine.area_codes import area_faults
from engine.candidates import candidates, check_columns, items_frame
from engine.cells import cell_faults, composed
from engine.conform_texts import conform_text
from engine.contract import DIMENSION, contract_faults
from engine.counterpart_codes import counterpart_faults
from engine.dimension_codes import dimension_faults, dimensions_text, with_fixed_dimensions
from engine.frames import NUM, OBSERVATIONS, empty
from engine.number_texts import PLAIN, number_fault
from engine.period_cells import with_periods
from engine.row_rules import rule_faults
from engine.sources import LINE, ORIGINAL, ROW, RowFault, Source, shortened
from indicators.definitions import DataModel
from indicators.findings import Finding
from indicators.suggestions import guess

if TYPE_CHECKING:
    from indicators.catalog import Catalog

REJECTS: dict[str, type[pl.DataType]] = {
    "source_row": pl.Int64,
    "source_line": pl.Int64,
    **dict.fromkeys(("rule", "column_name", "value", "message_vi", "message_en", "original"), pl.String),
}
"""One row for each fault; `original` is the source row as it stood."""


@dataclass(frozen=True)
class Conformed:
    """What became of the rows of a source.

    Attributes:
        good: Observations (`engine.frames.OBSERVATIONS`, `load_id` still empty) of the rows without a fault.
        rejects: The faults of all other rows (`REJECTS`).
        remarks: What is odd about the file and keeps no row out.
        rows: Rows of figures in the file.
        rejected: Rows with a fault.
    """

    good: pl.DataFrame
    rejects: pl.DataFrame
    remarks: tuple[Finding, ...]
    rows: int
    rejected: int


def conform(source: Source, model: DataModel, catalog: Catalog, basis: date, today: date) -> Conformed:
    """Check a source against its data model.

    Args:
        source: The file, as text.
        model: What its columns mean.
        catalog: Measures, code lists and the register of areas.
        basis: The day whose areas the codes of the file mean.
        today: Periods that begin later are refused, unless they are forecasts.

    Raises:
        DataFault: Columns are missing or unknown, so that no row can be read.
    """
    check_columns(source, model)
    frame, remarks = composed(source.frame, source.columns, source.file)
    faults = [*source.faults, *cell_faults(frame, source.columns)]
    sound = frame.filter(~pl.col(ROW).is_in(_rows(faults)))
    broken, warnings = rule_faults(sound, model, source.file)
    figures, found = _figures(sound, model, catalog, basis, today)
    rejects = _rejects(frame, [*faults, *broken, *found])
    good = figures.filter(~pl.col(ROW).is_in(rejects["source_row"].unique().to_list()))
    return Conformed(
        good=_observations(good, source.file, basis),
        rejects=rejects,
        remarks=(*source.remarks, *remarks, *warnings),
        rows=frame.height,
        rejected=rejects["source_row"].n_unique(),
    )


def _figures(
    frame: pl.DataFrame, model: DataModel, catalog: Catalog, basis: date, today: date
) -> tuple[pl.DataFrame, list[RowFault]]:
    """Typed figures, and the faults of those that are none."""
    rows = candidates(frame, model).join(items_frame(model, catalog), on="item", how="left", maintain_order="left")
    faults = _item_faults(rows, model)
    rows = with_fixed_dimensions(rows.filter(pl.col("measure").is_not_null()), model)
    rows, found = with_periods(rows, model, today)
    faults += found
    rows, found = _with_values(rows)
    faults += found
    faults += dimension_faults(rows, model, catalog)
    faults += counterpart_faults(rows, model, catalog, basis)
    faults += area_faults(rows, catalog.register, basis, model)
    faults += contract_faults(rows, model, basis)
    return rows, faults


def _item_faults(rows: pl.DataFrame, model: DataModel) -> list[RowFault]:
    faults = []
    unknown = rows.filter(pl.col("measure").is_null()).select(ROW, "item")
    for row, item in unknown.iter_rows():
        rule = "load.no-item-name" if item is None else "load.unknown-item"
        guess_vi, guess_en = guess(item or "", model.items)
        facts = {"column": model.item_column, "value": shortened(item or "", 60)}
        vi, en = conform_text(rule, guess=guess_vi, guess_en=guess_en, **facts)
        faults.append(RowFault(row, rule, model.item_column, shortened(item or ""), vi, en))
    return faults


def _with_values(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[RowFault]]:
    """Figures as decimals; an empty cell is a missing value with status O, never a zero."""
    text = pl.col("value")
    places = text.str.split(".").list.get(1, null_on_oob=True).str.len_chars().fill_null(0)
    plain = text.str.contains(PLAIN) & (places <= pl.col("decimals"))
    faults = []
    odd = rows.filter(text.is_not_null() & ~plain).select(ROW, "value", "decimals", "value_column")
    for row, value, decimals, column in odd.iter_rows():
        fault = number_fault(value, decimals)
        if fault is not None:
            faults.append(RowFault(row, fault[0], column, shortened(value), shortened(fault[1], 400), fault[2]))
    value = pl.when(plain).then(text).cast(NUM)
    without = pl.when(text.is_null()).then(pl.lit("O")).otherwise(pl.col("item_status"))
    return rows.with_columns(obs_value=value, obs_status=pl.coalesce("status", without)), faults


def _observations(figures: pl.DataFrame, file: str, basis: date) -> pl.DataFrame:
    dimensions = sorted(name for name in figures.columns if name.startswith(DIMENSION))
    return (
        figures.with_columns(
            area_basis=pl.lit(basis),
            dimensions=dimensions_text(dimensions),
            load_id=pl.lit(""),
            source=pl.concat_str(pl.lit(file + ":"), pl.col(ROW).cast(pl.String)),
        )
        .rename({"area": "ref_area"})
        .select([pl.col(name).cast(kind) for name, kind in OBSERVATIONS.items()])
    )


def _rejects(frame: pl.DataFrame, faults: Iterable[RowFault]) -> pl.DataFrame:
    """The faults, ordered by row, each once, beside the rows as they stood."""
    rows = [(fault.row, fault.rule, fault.column, fault.value, fault.vi, fault.en) for fault in faults]
    if not rows:
        return empty({name: kind() for name, kind in REJECTS.items()})
    schema = {name: kind for name, kind in REJECTS.items() if name not in ("source_line", "original")}
    listed = pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)
    original = frame.select(pl.col(ROW).alias("source_row"), source_line=LINE, original=ORIGINAL)
    joined = listed.join(original, on="source_row", how="left")
    return joined.select(list(REJECTS)).sort("source_row", "rule", "column_name")


def _rows(faults: Iterable[RowFault]) -> list[int]:
    return sorted({fault.row for fault in faults})
