"""The contract of a data model as a pandera schema: types, nulls, ranges, statuses, and keys that occur once.

Code lists and areas are not here: pandera copies a whole list of codes into every failure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from engine.conform_texts import conform_text
from engine.frames import MISSING_STATUSES, NUM, STATUSES
from engine.sources import ROW, RowFault, shortened
from indicators.definitions import DataModel

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema, PolarsData

DIMENSION = "dim:"


@dataclass(frozen=True)
class Break:
    """A broken clause: which check, and the place of the row in the frame."""

    check: str
    column: str
    place: int


def contract_faults(typed: pl.DataFrame, model: DataModel, day: object) -> list[RowFault]:
    """What pandera finds in typed candidates, as faults of source rows.

    Args:
        typed: One row for each figure: `ROW`, `measure`, `area`, `time_period`, `dim:*`, `obs_value`, `obs_status`,
            the limits `minimum`, `maximum`, `signed`, and `time`, `value_column`, `unit` for messages.
        model: Names the columns.
        day: The day whose areas are meant, for messages.
    """
    # Loaded only here: the import takes most of a second.
    import pandera.errors

    try:
        _schema(typed).validate(typed, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.select("check", "column", "index").unique().sort("index", "column", "check")
        broken = [Break(str(check), str(column or ""), int(place)) for check, column, place in cases.iter_rows()]
        return _faults(typed, model, broken, day)
    return []


def key_columns(typed: pl.DataFrame) -> list[str]:
    """What identifies an observation of a data set, on one day's areas."""
    return ["measure", "area", "time_period", *(name for name in typed.columns if name.startswith(DIMENSION))]


def _schema(typed: pl.DataFrame) -> DataFrameSchema:
    from pandera.polars import Check, Column, DataFrameSchema

    def check(name: str, holds: pl.Expr) -> Check:
        # A comparison with null passes in pandera; a clause that is not about null says so itself.
        def run(data: PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(holds.fill_null(True))

        return Check(run, name=name)

    value, status = pl.col("obs_value"), pl.col("obs_status")
    columns = {
        ROW: Column(pl.Int64),
        "area": Column(pl.String, nullable=False),
        "time": Column(pl.String, nullable=False),
        "obs_value": Column(
            NUM,
            nullable=True,
            checks=[
                check("load.negative", pl.col("signed") | (value >= 0)),
                check("load.too-small", value >= pl.col("minimum")),
                check("load.too-great", value <= pl.col("maximum")),
                check("load.status-without-value", value.is_not_null() | status.is_in(MISSING_STATUSES) | _unread()),
                check("load.value-without-status", value.is_null() | ~status.is_in(MISSING_STATUSES)),
            ],
        ),
        "obs_status": Column(pl.String, nullable=False, checks=[check("load.unknown-status", status.is_in(STATUSES))]),
    }
    return DataFrameSchema(columns, unique=key_columns(typed), report_duplicates="all")


def _unread() -> pl.Expr:
    """A cell that is not empty and yet no number: that is another fault."""
    return pl.col("value").is_not_null() | ~pl.col("obs_status").is_in(STATUSES)


def _faults(typed: pl.DataFrame, model: DataModel, broken: Sequence[Break], day: object) -> list[RowFault]:
    faults: dict[tuple[int, str, str, str], RowFault] = {}
    rows = typed[[found.place for found in broken]].iter_rows(named=True)
    pairs = list(zip(broken, rows, strict=True))
    for found, row in pairs:
        if found.check == "multiple_fields_uniqueness":
            continue
        made = _NULLS[found.column](model, day, row) if found.check == "not_nullable" else _limit(found, row, model)
        faults[made.row, made.rule, made.column, made.value] = made
    twice = [row for found, row in pairs if found.check == "multiple_fields_uniqueness"]
    return [*faults.values(), *_duplicates(typed, twice, model)]


Row = dict[str, object]
Maker = Callable[[DataModel, object, Row], RowFault]


def _empty(rule: str, place: str) -> Maker:
    def make(model: DataModel, day: object, row: Row) -> RowFault:
        column = str(getattr(model, place))
        return RowFault(_row(row), rule, column, "", *conform_text(rule, column=column, day=day))

    return make


_NULLS: dict[str, Maker] = {
    "area": _empty("load.no-area", "area_column"),
    "time": _empty("load.no-period", "time_column"),
}


def _limit(found: Break, row: Row, model: DataModel) -> RowFault:
    limit = row["minimum"] if found.check == "load.too-small" else row["maximum"]
    status = shortened(str(row["obs_status"]))
    of_status = found.check == "load.unknown-status"
    column = model.status_column if of_status else str(row["value_column"])
    value = status if of_status else str(row["value"] or "")
    facts = {
        "value": value,
        "column": column,
        "limit": f"{Decimal(str(limit)).normalize():f}" if limit is not None else "",
        "unit": row["unit"],
        "measure": row["measure"],
        "status": status,
        "known": ", ".join(sorted(STATUSES)),
    }
    return RowFault(_row(row), found.check, column, shortened(value), *conform_text(found.check, **facts))


def _duplicates(typed: pl.DataFrame, twice: Sequence[Row], model: DataModel) -> list[RowFault]:
    """Rows of a key that occurs more than once; keys with an empty or unreadable part are faults of their own."""
    key = key_columns(typed)
    groups: dict[tuple[object, ...], list[int]] = {}
    for row in twice:
        if None not in (row["measure"], row["area"], row["time_period"]):
            groups.setdefault(tuple(row[name] for name in key), []).append(_row(row))
    doubled: dict[int, RowFault] = {}
    for values, rows in groups.items():
        shown = ", ".join(str(value) for value in values if value is not None)
        listed = ", ".join(str(row) for row in sorted(rows)[:10]) + (", …" if len(rows) > 10 else "")
        vi, en = conform_text("load.duplicate", key=shown, count=len(rows), rows=listed)
        for number in rows:
            doubled.setdefault(number, RowFault(number, "load.duplicate", model.area_column, str(values[1]), vi, en))
    return list(doubled.values())


def _row(row: Row) -> int:
    return int(str(row[ROW]))
