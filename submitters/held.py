"""The published figures that a report needs, read from the lake."""

from __future__ import annotations

from engine.lake import reading, snapshot, tables
from engine.views import create_views
from engine.workspace import Workspace
from indicators.definitions import Report
from submitters.form import Value

_QUERY = """
SELECT indicator, version, ref_area, area_basis, time_period, dimensions,
       obs_value, obs_lower, obs_upper, obs_status, basis, coverage, run_id
FROM indicator_values
WHERE indicator IN (SELECT unnest(?))
ORDER BY ALL
"""


def read_values(workspace: Workspace, report: Report, as_of: str = "") -> tuple[list[Value], str]:
    """All published values of a report's indicators, and the snapshot that they were read from.

    Args:
        workspace: Whose lake.
        report: The form.
        as_of: A snapshot's number, a day or a time; empty: now.

    Raises:
        UsageFault: There is no such snapshot.
        SystemFault: The lake cannot be opened.
    """
    wanted = sorted({column.indicator for column in report.columns})
    with reading(workspace, as_of) as connection:
        create_views(connection, workspace)
        rows = connection.execute(_QUERY, [wanted]).fetchall()
        number = str(snapshot(connection)) if tables(connection) else ""
    return [Value(*row) for row in rows], number
