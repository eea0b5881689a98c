"""Reads from the lake what a handover record is made of."""

from __future__ import annotations

from datetime import date

import polars as pl

from engine.frames import OBSERVATIONS
from engine.handover import FIGURES, Series, handover
from engine.handover_question import HandoverQuestion
from engine.handover_record import Handover
from engine.handover_scope import Scope, scopes
from engine.lake import Connection
from engine.observed import observations_of
from engine.observed_weights import observed_weights
from engine.question import weighing
from engine.views import create_views
from engine.workspace import Workspace
from indicators.catalog import Catalog
from indicators.definitions import Calendar


def read_handover(
    connection: Connection,
    workspace: Workspace,
    catalog: Catalog,
    question: HandoverQuestion,
    calendar: Calendar | None = None,
) -> Handover:
    """Make the handover record of an area from the lake's current vintage.

    Args:
        connection: The lake (`engine.lake.reading`).
        workspace: Whose lake.
        catalog: The definitions.
        question: Which area, and between which days.
        calendar: The windows that flows count; None: periods count their own days.

    Raises:
        DataFault: Two data sets give the same figure, or a total is not conserved.
    """
    create_views(connection, workspace)
    series = _series(connection)
    observed = {
        name: observed_weights(observations_of(connection, workspace, name), catalog.measures[name])
        for name in weighing(catalog.measures, catalog)
    }
    found = scopes(catalog, question, series, observed)
    frames = [_figures(connection, scope) for scope in found[0]]
    figures = pl.concat([pl.DataFrame(schema=FIGURES), *frames]).unique()
    return handover(catalog, question, found, figures, series, calendar)


def _series(connection: Connection) -> dict[tuple[str, date], list[Series]]:
    rows = connection.execute(
        "SELECT DISTINCT measure, area_basis, time_period, dimensions FROM observations ORDER BY ALL"
    ).fetchall()
    found: dict[tuple[str, date], list[Series]] = {}
    for measure, basis, period, dimensions in rows:
        found.setdefault((measure, basis), []).append((period, dimensions))
    return found


def _figures(connection: Connection, scope: Scope) -> pl.DataFrame:
    columns = ", ".join(f"o.{name}" for name in OBSERVATIONS)
    measures = [scope.measure.id, *([scope.measure.areas.by] if scope.measure.areas.by else [])]
    frame = connection.execute(
        f"SELECT {columns}, l.file, l.sha256 FROM observations o JOIN loads l USING (load_id)"  # noqa: S608
        " WHERE measure IN (SELECT unnest(?)) AND o.area_basis = ? AND ref_area IN (SELECT unnest(?))",
        [measures, scope.area_basis, sorted(scope.needed)],
    ).pl()
    return frame.select(*FIGURES).cast(pl.Schema(FIGURES))
