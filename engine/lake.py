"""The lake: DuckLake tables (Parquet files, an SQLite catalog) with snapshots; one writer at a time, many readers.

Everything is written through `commit`: one transaction that is there whole or not at all. Readers never wait for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import duckdb
import polars as pl
import stamina

from engine.tables import TABLES, Columns, definition, literal, quoted
from engine.workspace import Workspace, person
from indicators.findings import Finding, SystemFault, UsageFault

Connection = duckdb.DuckDBPyConnection
Result = TypeVar("Result")

WAIT_FOR_WRITER = 120.0
"""Seconds that a writer waits for another one to finish."""

_EXTENSIONS = {"sqlite_scanner": "duckdb_extension_sqlite_scanner", "ducklake": "duckdb_extension_ducklake"}
# Without WAL, readers get "database is locked" while one process writes.
_ATTACH_OPTIONS = "OVERRIDE_DATA_PATH true, META_JOURNAL_MODE 'WAL', META_BUSY_TIMEOUT 10000"


def connect(workspace: Workspace) -> Connection:
    """An empty in-memory engine with the extensions loaded, from the files that their packages carry."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(workspace.lake / "tmp"),
    }
    if workspace.threads > 0:
        config["threads"] = workspace.threads
    connection = duckdb.connect(":memory:", config=config)
    for name, package in _EXTENSIONS.items():
        connection.execute(f"LOAD {literal(str(_extension_file(name, package)))}")
    # Timestamps are kept and shown as UTC on every machine.
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def reading(workspace: Workspace, as_of: str = "") -> Iterator[Connection]:
    """A connection that can only read the lake, attached as `lake`; without a lake yet, nothing is attached.

    Args:
        workspace: Whose lake.
        as_of: A snapshot's number, a day (its last moment) or a time (local unless it says otherwise); empty: now.

    Raises:
        UsageFault: There is no such snapshot.
        SystemFault: The lake cannot be opened.
    """
    with closing(connect(workspace)) as connection:
        if workspace.lake_catalog.exists():
            _attach(connection, workspace, "READ_ONLY" + _snapshot_option(as_of), as_of)
        elif as_of:
            raise _no_snapshot(as_of, "the lake is empty")
        yield connection


def commit(workspace: Workspace, work: Callable[[Connection], Result], message: str) -> Result:
    """Run `work` in one transaction on the lake; a conflict or a lock is tried again, then reported.

    One writer at a time holds the workspace's write lock, which the operating system frees if the writer is killed.
    A `work` that writes nothing makes no snapshot.

    Args:
        workspace: Whose lake; made on first use.
        work: Gets the connection (lake attached as `lake`, tables made); it may run again, so it only writes there.
        message: What the snapshot's log says.

    Raises:
        SystemFault: Another writer did not finish in time, or the disk refused.
    """
    workspace.lake_data.mkdir(parents=True, exist_ok=True)
    with _write_lock(workspace.lake / "writer.lock"):
        try:
            for attempt in stamina.retry_context(on=_worth_retrying, attempts=6, timeout=60.0):
                with attempt:
                    return _transaction(workspace, work, message)
        except (duckdb.IOException, duckdb.TransactionException) as error:
            raise _fault("lake.write", f"không ghi được kho số liệu: {error}", f"cannot write: {error}") from None
    raise AssertionError("stamina either returns a result or raises")


def append(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Add rows to a table of the lake, in the same order whatever order they come in.

    Args:
        connection: That of `commit`.
        table: A table of `engine.tables`, or a data set's own.
        frame: Has exactly the table's columns, in any order.
    """
    if frame.is_empty():
        return
    columns = table_columns(connection, table)
    ordered = frame.select(columns).sort(columns, nulls_last=False)
    names = ", ".join(quoted(name) for name in columns)
    connection.register("appended_rows", ordered.to_arrow())
    try:
        connection.execute(f"INSERT INTO lake.{quoted(table)} ({names}) SELECT {names} FROM appended_rows")  # noqa: S608
    finally:
        connection.unregister("appended_rows")


def table_columns(connection: Connection, table: str) -> list[str]:
    """The columns of a table of the lake, in order; empty if there is no such table."""
    rows = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'lake' AND table_name = ? "
        "ORDER BY column_index",
        [table],
    ).fetchall()
    return [name for (name,) in rows]


def tables(connection: Connection) -> set[str]:
    """The names of all tables of the lake; empty while there is no lake."""
    rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake'").fetchall()
    return {name for (name,) in rows}


def ensure_table(connection: Connection, table: str, columns: Columns) -> None:
    """Make a table that is missing, and add columns that an older lake's table does not have yet."""
    present = table_columns(connection, table)
    if not present:
        connection.execute(f"CREATE TABLE lake.{quoted(table)} ({definition(columns)})")
    for name in [name for name in columns if present and name not in present]:
        connection.execute(f"ALTER TABLE lake.{quoted(table)} ADD COLUMN {quoted(name)} {columns[name]}")


def next_number(connection: Connection, table: str, column: str) -> int:
    """One more than the largest number of a column (`load_seq`, `run_seq`); 1 for the first row."""
    query = f"SELECT coalesce(max({quoted(column)}), 0) + 1 FROM lake.{quoted(table)}"  # noqa: S608
    return int(_one(connection, query))


def snapshot(connection: Connection) -> int:
    """The number of the snapshot that the connection sees."""
    return int(_one(connection, "SELECT id FROM lake.current_snapshot()"))


def _one(connection: Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    if row is None:
        raise AssertionError(query)
    return int(row[0])


def _transaction(workspace: Workspace, work: Callable[[Connection], Result], message: str) -> Result:
    with closing(connect(workspace)) as connection:
        _attach(connection, workspace, "")
        connection.execute("BEGIN")
        for table, columns in TABLES.items():
            ensure_table(connection, table, columns)
        result = work(connection)
        connection.execute(f"CALL lake.set_commit_message({literal(person())}, {literal(message)})")
        connection.execute("COMMIT")
        return result


def _attach(connection: Connection, workspace: Workspace, options: str, as_of: str = "") -> None:
    source = literal(f"ducklake:sqlite:{workspace.lake_catalog}")
    path = f"DATA_PATH {literal(str(workspace.lake_data) + '/')}"
    listed = ", ".join(option for option in (path, _ATTACH_OPTIONS, options) if option)
    try:
        connection.execute(f"ATTACH {source} AS lake ({listed})")
    except duckdb.Error as error:
        if as_of and "No snapshot found" in str(error):
            raise _no_snapshot(as_of, str(error)) from None
        raise _fault(
            "lake.open",
            f"không mở được kho số liệu {workspace.lake_catalog}: {error}",
            f"cannot open the lake {workspace.lake_catalog}: {error}",
        ) from None


def _snapshot_option(as_of: str) -> str:
    if not as_of:
        return ""
    if as_of.isascii() and as_of.isdigit():
        return f", SNAPSHOT_VERSION {int(as_of)}"
    try:
        if len(as_of) == len("2025-07-01"):
            moment = datetime.combine(date.fromisoformat(as_of) + timedelta(days=1), time()).astimezone()
            moment -= timedelta(microseconds=1)
        else:
            moment = datetime.fromisoformat(as_of).astimezone()
    except (ValueError, OverflowError, OSError):
        raise _no_snapshot(as_of, "it is neither a number, a day nor a time") from None
    return f", SNAPSHOT_TIME '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"


def _worth_retrying(error: Exception) -> bool:
    return isinstance(error, (duckdb.IOException, duckdb.TransactionException))


@contextmanager
def _write_lock(file: Path) -> Iterator[None]:
    """A lock between processes that needs no daemon and dies with its holder: an exclusive SQLite transaction."""
    with closing(sqlite3.connect(file, timeout=WAIT_FOR_WRITER, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise _fault(
                "lake.busy",
                f"một tiến trình khác đang ghi vào kho số liệu ({error}); hãy chờ rồi chạy lại",
                f"another process is writing to the lake ({error}); wait and run it again",
            ) from None
        yield


def _extension_file(name: str, package: str) -> Path:
    folder = Path(str(import_module(package).__file__)).parent
    return next(folder.glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension"))


def _no_snapshot(as_of: str, why: str) -> UsageFault:
    return UsageFault(
        Finding(
            "lake.no-snapshot",
            "error",
            f"--as-of: không có bản chụp «{as_of}» ({why}); ghi số bản chụp, ngày hoặc giờ, ví dụ 12, 2025-07-31",
            f"--as-of: no snapshot '{as_of}' ({why}); give a snapshot number, a day or a time, such as 12, 2025-07-31",
        )
    )


def _fault(rule: str, vi: str, en: str) -> SystemFault:
    return SystemFault(Finding(rule, "error", vi, en))
