"""The register of areas as tables of the lake, so that SQL can join figures with names, dates and changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from engine.lake import Connection, append
from engine.tables import TABLES, quoted
from indicators.areas import Register

_TYPES: dict[str, type[pl.DataType]] = {"DATE": pl.Date, "VARCHAR": pl.String}


def write_register(connection: Connection, register: Register) -> bool:
    """Bring the tables `areas` and `changes` up to the register; nothing is written where nothing changed.

    Args:
        connection: That of `engine.lake.commit`.
        register: The register in use.

    Returns:
        Whether something changed.
    """
    changed = [_replace(connection, table, rows) for table, rows in _frames(register).items()]
    return any(changed)


def _frames(register: Register) -> dict[str, pl.DataFrame]:
    return {"areas": _frame("areas", register.areas), "changes": _frame("changes", register.changes)}


def _frame(table: str, rows: Iterable[Any]) -> pl.DataFrame:
    schema = {name: _TYPES[kind] for name, kind in TABLES[table].items()}
    values = [tuple(getattr(row, name) for name in schema) for row in rows]
    return pl.DataFrame(values, schema=schema, orient="row")


def _replace(connection: Connection, table: str, frame: pl.DataFrame) -> bool:
    columns = list(TABLES[table])
    listed = ", ".join(quoted(name) for name in columns)
    present = connection.execute(f"SELECT {listed} FROM lake.{quoted(table)}").pl()  # noqa: S608
    if present.sort(columns).equals(frame.sort(columns)):
        return False
    connection.execute(f"DELETE FROM lake.{quoted(table)}")  # noqa: S608
    append(connection, table, frame)
    return True
