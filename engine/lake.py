"""The lake: DuckLake tables (Parquet files, an SQLite catalog) with snapshots; one writer at a time, many readers.

Everything is written through `commit`: one transaction that is there whole or not at all. Readers never wait for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import duckdb
import polars as pl
import stamina

from engine.snapshots import no_snapshot, snapshot_option
from engine.tables import TABLES, Columns, definition, literal, quoted
from engine.workspace import Workspace, person
from indicators.findings import Finding, SystemFault

Connection = duckdb.DuckDBPyConnection
Result = TypeVar("Result")

_WORTH_RETRYING = (duckdb.IOException, duckdb.TransactionException)

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
            _attach(connection, workspace, "READ_ONLY" + snapshot_option(as_of), as_of)
        elif as_of:
            raise no_snapshot(as_of, "kho còn trống", "the lake is empty")
        yield connection


class Writer:
    """Commits transactions to a lake, one after the other; other writers may commit between them."""

    def __init__(self, workspace: Workspace, connection: Connection) -> None:
        self.workspace = workspace
        self.connection = connection
        self.attached = False

    def commit(self, work: Callable[[Connection], Result], message: str) -> Result:
        """Run `work` in one transaction; a conflict or a lock is tried again, then reported.

        The write lock of the workspace is held meanwhile; the operating system frees it if the writer is killed. A
        `work` that writes nothing makes no snapshot.

        Args:
            work: Gets the connection (lake attached as `lake`, tables made); it may run again, so it only writes there.
            message: What the snapshot's log says.

        Raises:
            SystemFault: Another writer did not finish in time, or the disk refused.
        """
        self.workspace.lake_data.mkdir(parents=True, exist_ok=True)
        with _write_lock(self.workspace.lake / "writer.lock"):
            try:
                for attempt in stamina.retry_context(on=_WORTH_RETRYING, attempts=6, timeout=60.0):
                    with attempt:
                        return self._transaction(work, message)
            except _WORTH_RETRYING as error:
                raise _fault("lake.write", f"không ghi được kho số liệu: {error}", f"cannot write: {error}") from None
        raise AssertionError("stamina either returns a result or raises")

    def _transaction(self, work: Callable[[Connection], Result], message: str) -> Result:
        if not self.attached:
            _attach(self.connection, self.workspace, "")
            self.attached = True
        self.connection.execute("BEGIN")
        try:
            _ensure_tables(self.connection)
            result = work(self.connection)
            self.connection.execute(f"CALL lake.set_commit_message({literal(person())}, {literal(message)})")
            self.connection.execute("COMMIT")
        except BaseException:
            # A failed COMMIT has ended the transaction already.
            with suppress(duckdb.TransactionException):
                self.connection.execute("ROLLBACK")
            raise
        return result


@contextmanager
def writing(workspace: Workspace) -> Iterator[Writer]:
    """A writer for several transactions: the engine is started once. The lake is made on first use."""
    with closing(connect(workspace)) as connection:
        yield Writer(workspace, connection)


def commit(workspace: Workspace, work: Callable[[Connection], Result], message: str) -> Result:
    """Run `work` in one transaction on the lake; see `Writer.commit`."""
    with writing(workspace) as writer:
        return writer.commit(work, message)


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


def _ensure_tables(connection: Connection) -> None:
    """Make the tables that every lake has; one look at all of them, for this runs in every transaction."""
    rows = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = 'lake' GROUP BY table_name"
    ).fetchall()
    present = dict(rows)
    for table, columns in TABLES.items():
        if set(present.get(table, ())) < set(columns):
            ensure_table(connection, table, columns)


def _attach(connection: Connection, workspace: Workspace, options: str, as_of: str = "") -> None:
    source = literal(f"ducklake:sqlite:{workspace.lake_catalog}")
    path = f"DATA_PATH {literal(str(workspace.lake_data) + '/')}"
    listed = ", ".join(option for option in (path, _ATTACH_OPTIONS, options) if option)
    try:
        connection.execute(f"ATTACH {source} AS lake ({listed})")
    except duckdb.Error as error:
        if as_of and "No snapshot found" in str(error):
            raise no_snapshot(as_of, "kho không có bản nào như vậy", "the lake has none such") from None
        raise _fault(
            "lake.open",
            f"không mở được kho số liệu {workspace.lake_catalog}: {error}",
            f"cannot open the lake {workspace.lake_catalog}: {error}",
        ) from None


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


def _fault(rule: str, vi: str, en: str) -> SystemFault:
    return SystemFault(Finding(rule, "error", vi, en))
