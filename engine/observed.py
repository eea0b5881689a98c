"""What the lake holds as received: the current vintage of every observation."""

from __future__ import annotations

import polars as pl

from engine.frames import OBSERVATIONS
from engine.lake import Connection
from engine.views import create_views
from engine.workspace import Workspace


def current_observations(connection: Connection, workspace: Workspace) -> pl.DataFrame:
    """The current vintage, in the shape OBSERVATIONS and an order of its own."""
    create_views(connection, workspace)
    columns = ", ".join(OBSERVATIONS)
    frame = connection.execute(f"SELECT {columns} FROM observations").pl()  # noqa: S608
    return frame.cast(pl.Schema(OBSERVATIONS)).sort("measure", "ref_area", "area_basis", "time_period", "dimensions")


def observations_of(connection: Connection, workspace: Workspace, measure: str) -> pl.DataFrame:
    """The current vintage of one measure, likewise."""
    create_views(connection, workspace)
    columns = ", ".join(OBSERVATIONS)
    frame = connection.execute(f"SELECT {columns} FROM observations WHERE measure = ?", [measure]).pl()  # noqa: S608
    return frame.cast(pl.Schema(OBSERVATIONS)).sort("measure", "ref_area", "area_basis", "time_period", "dimensions")


def observed_periods(connection: Connection, workspace: Workspace) -> list[str]:
    """Every period that any observation is of."""
    create_views(connection, workspace)
    rows = connection.execute("SELECT DISTINCT time_period FROM observations ORDER BY 1").fetchall()
    return [period for (period,) in rows]
