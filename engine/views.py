"""The views that everyone may query: figures as received, restated and published, areas, and what happened to them.

They are made in the engine's memory over the tables of the attached snapshot, so that they also show an older one, and
are there, empty, when nothing is there yet.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing

import polars as pl

from engine.lake import Connection, table_columns, tables
from engine.tables import OBSERVATION_KEY, PREFIX, TABLES, VALUE, Columns, literal, observation_columns, quoted
from engine.workspace import Workspace
from indicators.findings import Finding, SystemFault

OBSERVATIONS: Columns = {
    "dataset": "VARCHAR",
    "measure": "VARCHAR",
    "ref_area": "VARCHAR",
    "area_basis": "DATE",
    "time_period": "VARCHAR",
    "dimensions": "VARCHAR",
    "obs_value": VALUE,
    "obs_status": "VARCHAR",
    "load_id": "VARCHAR",
    "source": "VARCHAR",
}
VINTAGES: Columns = {**OBSERVATIONS, "load_seq": "BIGINT", "current": "BOOLEAN"}

# The ledger is the submitters' file. These are its columns without the payload, whose bytes are no use in SQL.
_LEDGER: Mapping[str, Columns] = {
    "submissions": {
        "id": "BIGINT",
        **dict.fromkeys(("report", "period", "unit", "receiver"), "VARCHAR"),
        "revision": "BIGINT",
        **dict.fromkeys(("idempotency_key", "sha256", "state"), "VARCHAR"),
        "supersedes": "BIGINT",
        **dict.fromkeys(("snapshot", "created_at", "updated_at"), "VARCHAR"),
    },
    "receipts": {
        "id": "BIGINT",
        "submission": "BIGINT",
        **dict.fromkeys(("receiver", "receipt_id", "received_at", "sha256"), "VARCHAR"),
        "verified": "BOOLEAN",
        "stored_at": "VARCHAR",
    },
}

VIEWS: Mapping[str, Columns] = {"observations": OBSERVATIONS, "vintages": VINTAGES, **TABLES, **_LEDGER}
"""Every view and its columns, in order."""

_NEWEST_RUN_KEYS = {
    "restated": ("measure", "ref_area", "area_basis", "time_period", "dimensions"),
    "indicator_values": ("indicator", "ref_area", "area_basis", "time_period", "dimensions"),
}
_POLARS = {"VARCHAR": pl.String, "BIGINT": pl.Int64, "BOOLEAN": pl.Boolean}


def create_views(connection: Connection, workspace: Workspace) -> None:
    """Make all views on a connection of `engine.lake.reading` (or of `commit`, to read what is being written).

    - `observations`: of each key of a data set, what the latest load that has it says. `vintages`: all that was ever
      received, `current` for the same rows.
    - `restated`, `indicator_values`: of each key, what the latest run that has it says.
    - `submissions`, `receipts`: the ledger as it is now; it has no snapshots.
    """
    present = tables(connection)
    _create(connection, "vintages", _vintages(connection, present))
    columns = ", ".join(OBSERVATIONS)
    _create(connection, "observations", f"SELECT {columns} FROM vintages WHERE current")  # noqa: S608
    for table, kinds in TABLES.items():
        if table not in present:
            _create(connection, table, _nothing(kinds))
        elif table in _NEWEST_RUN_KEYS:
            _create(connection, table, _newest_run(table, kinds))
        else:
            _create(connection, table, f"SELECT {_listed(kinds)} FROM lake.{quoted(table)}")  # noqa: S608
    for table, kinds in _LEDGER.items():
        connection.register(f"ledger_{table}", _ledger_frame(workspace, table, kinds).to_arrow())
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} AS FROM {quoted(f'ledger_{table}')}")
        connection.unregister(f"ledger_{table}")


def _create(connection: Connection, view: str, query: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS {query}")


def _listed(columns: Columns) -> str:
    return ", ".join(quoted(name) for name in columns)


def _nothing(columns: Columns) -> str:
    empty = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
    return f"SELECT {empty} WHERE false"


def _vintages(connection: Connection, present: set[str]) -> str:
    datasets = sorted(name for name in present if name.startswith(PREFIX))
    parts = [_dataset_vintages(name, table_columns(connection, name)) for name in datasets]
    return " UNION ALL ".join(parts) or _nothing(VINTAGES)


def _dataset_vintages(table: str, columns: list[str]) -> str:
    dimensions = sorted(set(columns) - set(observation_columns(())))
    key = ", ".join(quoted(name) for name in (*OBSERVATION_KEY, *dimensions))
    pairs = ", ".join(f"{literal(name + '=')} || {quoted(name)}" for name in dimensions)
    # concat_ws leaves out nulls, so a total has the empty text.
    text = f"concat_ws(';', {pairs})" if dimensions else "''"
    return (
        f"SELECT {literal(table.removeprefix(PREFIX))} AS dataset, measure, ref_area, area_basis, time_period, "  # noqa: S608
        f"{text} AS dimensions, obs_value, obs_status, load_id, source, load_seq, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY load_seq DESC) = 1 AS current FROM lake.{quoted(table)}"
    )


def _newest_run(table: str, columns: Columns) -> str:
    key = ", ".join(_NEWEST_RUN_KEYS[table])
    return (
        f"SELECT {_listed(columns)} FROM (SELECT figures.*, "  # noqa: S608
        f"rank() OVER (PARTITION BY {key} ORDER BY coalesce(run_seq, 0) DESC) AS age "
        f"FROM lake.{quoted(table)} AS figures LEFT JOIN lake.runs USING (run_id)) WHERE age = 1"
    )


def _ledger_frame(workspace: Workspace, table: str, columns: Columns) -> pl.DataFrame:
    """The ledger's rows, copied: a query of hours must not keep the submitters from writing."""
    rows: list[tuple[object, ...]] = []
    if workspace.ledger.exists():
        try:
            with closing(sqlite3.connect(f"{workspace.ledger.as_uri()}?mode=ro", uri=True, timeout=30)) as ledger:
                if ledger.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
                    query = f"SELECT {_listed(columns)} FROM {quoted(table)} ORDER BY id"  # noqa: S608
                    rows = ledger.execute(query).fetchall()
        except sqlite3.Error as error:
            raise SystemFault(
                Finding(
                    "ledger.read",
                    "error",
                    f"không đọc được sổ gửi báo cáo {workspace.ledger}: {error}",
                    f"cannot read the ledger {workspace.ledger}: {error}",
                )
            ) from None
    frame = pl.DataFrame(rows, schema=_raw(columns), orient="row")
    return frame.cast({name: _POLARS[kind] for name, kind in columns.items()})


def _raw(columns: Columns) -> dict[str, type[pl.DataType]]:
    """SQLite keeps a truth value as a number."""
    return {name: pl.Int64 if kind == "BOOLEAN" else _POLARS[kind] for name, kind in columns.items()}
