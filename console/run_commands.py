"""`chitieu run` and `chitieu explain`: from loaded figures to published values, and back again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.output import Format, counts, parse_day, plain, say, settings, show_findings
from indicators.findings import DataFault, Finding, UsageFault

if TYPE_CHECKING:
    from engine.question import Question
    from engine.workspace import Workspace
    from indicators.catalog import Catalog
    from indicators.periods import Period


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run_command)
    app.command("explain")(explain_command)


def run_command(
    period: Annotated[list[str], typer.Option(help="kỳ, có thể nhiều lần / a period, may be repeated; all: mọi kỳ")],
    report: Annotated[str, typer.Option(help="chỉ các chỉ tiêu của báo cáo / only a report's indicators")] = "",
    on: Annotated[list[str] | None, typer.Option(help="ngày của địa bàn / the day whose areas are wanted")] = None,
    threads: Annotated[int | None, typer.Option(help="số luồng, 0: mọi nhân / threads, 0: all cores", min=0)] = None,
) -> None:
    """Quy đổi, tính, kiểm tra và công bố các chỉ tiêu. / Restate, compute, check and publish the indicators."""
    if threads:
        os.environ["POLARS_MAX_THREADS"] = str(threads)  # read when Polars is imported, which is after this
    from engine.workspace import Workspace
    from indicators.catalog import load_catalog

    workspace = Workspace.open(settings.workspace, threads)
    catalog = load_catalog(workspace.catalog)
    publish_periods(workspace, catalog, period, report, on or [])


def publish_periods(
    workspace: Workspace, catalog: Catalog, periods: list[str], report: str, on: list[str], *, quiet: bool = False
) -> list[str]:
    """Run and publish; tells on stderr what came of it.

    Returns:
        The run ids, in the order of the periods.
    """
    from engine.lake import reading
    from engine.observed import current_observations
    from engine.publish import catalog_fingerprint, publish
    from engine.run import run

    question = _question(workspace, catalog, periods, report, on)
    with reading(workspace) as connection:
        observations = current_observations(connection, workspace)
    fingerprint = catalog_fingerprint(workspace.catalog)
    progress = None if quiet else lambda name: say(f"  … {name}", f"  … {name}")
    result = run(catalog, observations, question, fingerprint, progress)
    number, folder = publish(workspace, catalog.register, result)
    show_findings(finding for finding in dict.fromkeys(result.findings) if finding.severity != "info")
    for day in question.days:
        of_day = result.values.filter(result.values["area_basis"] == day)
        bases = dict(sorted(of_day["basis"].value_counts().iter_rows()))
        say(f"địa bàn ngày {day}: {counts(bases)}", f"areas of {day}: {counts(bases)}")
    say(
        f"đã công bố: lần chạy {result.run_id}, bản chụp {number}, tệp ở {folder}",
        f"published: run {result.run_id}, snapshot {number}, files in {folder}",
    )
    return [result.run_id]


def _question(workspace: Workspace, catalog: Catalog, periods: list[str], report: str, on: list[str]) -> Question:
    from engine.question import Question, default_days
    from indicators.periods import in_order

    chosen = tuple(catalog.indicators.values())
    if report:
        if report not in catalog.reports:
            known = ", ".join(catalog.reports) or "-"
            vi, en = f"không có báo cáo «{report}»; có: {known}", f"there is no report '{report}'; there are: {known}"
            raise UsageFault(Finding("usage.report", "error", vi, en))
        wanted = {column.indicator for column in catalog.reports[report].columns}
        chosen = tuple(indicator for indicator in chosen if indicator.id in wanted)
    named = _all_periods(workspace) if periods == ["all"] else periods
    known_periods = tuple(dict.fromkeys(p.text for p in in_order(_period(text) for text in named)))
    days = tuple(parse_day(day, "--on") for day in on) or default_days(catalog.register)
    return Question(chosen, known_periods, tuple(sorted(days)), report)


def _period(text: str) -> Period:
    """A period typed on the command line."""
    from indicators.periods import parse_period

    try:
        return parse_period(text)
    except DataFault as fault:
        raise UsageFault(fault.findings) from None


def _all_periods(workspace: Workspace) -> list[str]:
    from engine.lake import reading
    from engine.observed import observed_periods

    with reading(workspace) as connection:
        return observed_periods(connection, workspace)


def explain_command(
    indicator: Annotated[str, typer.Argument(help="mã chỉ tiêu / the indicator's id")],
    area: Annotated[str, typer.Option(help="mã địa bàn / the area's code")],
    period: Annotated[str, typer.Option(help="kỳ / the period")],
    on: Annotated[str, typer.Option(help="ngày của mã địa bàn / the day of the area's code")] = "",
    every: Annotated[bool, typer.Option("--all", help="mọi địa bàn cũ / every old area")] = False,
    form: Annotated[Format, typer.Option("--format")] = Format.table,
) -> None:
    """Vì sao có con số này: công thức, đầu vào, tỷ lệ, luật, dòng nguồn. / Why a figure is what it is."""
    from console.explanation import as_document, as_text
    from engine.explain import explain
    from engine.lake import reading
    from engine.views import create_views
    from engine.workspace import Workspace
    from indicators.catalog import load_catalog

    workspace = Workspace.open(settings.workspace)
    catalog = load_catalog(workspace.catalog)
    with reading(workspace) as connection:
        create_views(connection, workspace)
        day = parse_day(on, "--on") if on else None
        found = explain(connection, catalog, indicator, area, _period(period).text, day)
    if form is Format.json:
        typer.echo(json.dumps(as_document(found), ensure_ascii=False, indent=1, default=_json))
    else:
        typer.echo(as_text(found, catalog, settings.language, every=every))


def _json(value: Any) -> str:
    return str(value) if isinstance(value, Path) else plain(value)
