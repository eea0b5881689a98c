"""Ad-hoc SQL over the views: read-only, on the present or an older snapshot, while others write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from engine.lake import Connection, reading
from engine.sql_guard import TABLE_FUNCTIONS, check_query
from engine.tables import literal
from engine.views import VIEWS, create_views
from engine.workspace import Workspace
from indicators.findings import ChitieuError, Finding, SystemFault, UsageFault

BATCH = 10_000


@dataclass(frozen=True)
class Answer:
    """The rows of a query, read once, as they come.

    Attributes:
        columns: Their names, in order.
    """

    columns: tuple[str, ...]
    connection: Connection

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows as Python values; decimals stay decimals."""
        while True:
            try:
                batch = self.connection.fetchmany(BATCH)
            except duckdb.Error as error:
                raise _fault(error) from None
            if not batch:
                return
            yield from batch

    def arrow(self) -> pa.RecordBatchReader:
        """The rows as Arrow batches, with the types that the query gave them."""
        return self.connection.to_arrow_reader(BATCH)


@contextmanager
def query(workspace: Workspace, sql: str, as_of: str = "") -> Iterator[Answer]:
    """Run one query over the views.

    Args:
        workspace: Whose lake.
        sql: A SELECT in DuckDB's SQL.
        as_of: As `engine.lake.reading`; the ledger's views are always those of now.

    Raises:
        UsageFault: The query is refused or wrong, or there is no such snapshot.
        SystemFault: The lake cannot be read.
    """
    named = check_query(sql)
    with reading(workspace, as_of) as connection:
        create_views(connection, workspace)
        _lock_down(connection, workspace)
        try:
            _check_again(connection, sql, named)
            connection.execute(sql)
        except duckdb.Error as error:
            raise _fault(error) from None
        yield Answer(tuple(str(column[0]) for column in connection.description or ()), connection)


def _lock_down(connection: Connection, workspace: Workspace) -> None:
    """From here on the connection opens no file outside the lake's data, and none of this can be undone."""
    folder = literal(str(workspace.lake_data))
    # Otherwise an unknown table name could mean a variable of this program.
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET allowed_directories = [{folder}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _check_again(connection: Connection, sql: str, named: frozenset[str]) -> None:
    """The engine's own parser must see what the guard saw: one SELECT over the views.

    Two parsers may read a trick differently, and it is the engine that runs it.
    """
    row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    parsed: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    allowed = named | set(VIEWS)
    strange = [
        name
        for kind, place, name in _sources(parsed)
        if place or name.casefold() not in (allowed if kind == "BASE_TABLE" else TABLE_FUNCTIONS)
    ]
    if parsed["error"] or len(parsed["statements"]) != 1 or strange:
        why = ", ".join(strange) or str(parsed.get("error_message", ""))
        raise UsageFault(
            Finding(
                "sql.not-a-query",
                "error",
                f"đây không phải là một câu SELECT trên các bảng xem ({why})",
                f"this is not one SELECT over the views ({why})",
            )
        )


def _sources(node: Any) -> Iterator[tuple[str, str, str]]:
    """Every table and table function of a parsed query: its kind, the schema or database it names, its name."""
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            yield "BASE_TABLE", node["schema_name"] + node["catalog_name"], node["table_name"]
        elif node.get("type") == "TABLE_FUNCTION":
            function = node["function"]
            yield "TABLE_FUNCTION", function["schema"] + function["catalog"], function["function_name"]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _sources(child)


def _fault(error: duckdb.Error) -> ChitieuError:
    text = " ".join(str(error).split("\n\nLINE ")[0].split())
    if isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
        return SystemFault(Finding("sql.system", "error", f"câu SQL bị dừng: {text}", f"the SQL failed: {text}"))
    return UsageFault(
        Finding(
            "sql.failed",
            "error",
            f"câu SQL không chạy được, hãy sửa rồi chạy lại: {text}",
            f"the SQL cannot be run; correct it and try again: {text}",
        )
    )
