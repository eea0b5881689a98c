"""`chitieu handover`: the record by which an old area hands its figures over, or a new one takes them over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.output import Format, parse_day, say, settings, show_rows

if TYPE_CHECKING:
    from engine.handover_record import Handover

COLUMNS = (
    "measure", "area_basis", "to_level", "time_period", "dimensions", "figures", "before", "given", "elsewhere",
    "unallocated",
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("handover")(handover_command)


def handover_command(
    code: Annotated[str, typer.Argument(help="mã địa bàn cũ hoặc mới / an old or new area's code")],
    output: Annotated[Path, typer.Option("-o", help="TỆP.html | .xlsx | .txt / the file to write")],
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="ngày của mã / the day of the code")] = "",
    to: Annotated[str, typer.Option("--to", metavar="DAY", help="ngày của bên kia / the day of the other side")] = "",
    period: Annotated[list[str] | None, typer.Option(help="chỉ kỳ này, có thể nhiều lần / only this period")] = None,
    calendar: Annotated[str, typer.Option(help="lịch có cửa sổ số liệu / the calendar whose windows count")] = "",
    as_of: Annotated[str, typer.Option(help="bản chụp hoặc ngày của kho / snapshot or day of the lake")] = "",
    form: Annotated[Format, typer.Option("--format", help="table | csv | json")] = Format.table,
) -> None:
    """Biên bản bàn giao số liệu của một địa bàn. / The record that hands an area's figures over."""
    from console.file_places import check_output
    from console.restate_commands import calendar_named
    from engine.handover_lake import read_handover
    from engine.handover_question import handover_question
    from engine.lake import reading
    from engine.workspace import Workspace
    from indicators.catalog import load_catalog
    from indicators.periods import parse_period
    from submitters.handover import handover_document, require_form

    require_form(output)
    check_output(output, settings.workspace, {})
    workspace = Workspace.open(settings.workspace)
    catalog = load_catalog(workspace.catalog)
    day = parse_day(on, "--on") if on else None
    other = parse_day(to, "--to") if to else None
    periods = tuple(parse_period(text).text for text in period or ())
    windows = calendar_named(catalog, calendar) if calendar else None
    question = handover_question(catalog.register, code, day, other, periods)
    with reading(workspace, as_of) as connection:
        record = read_handover(connection, workspace, catalog, question, windows)
    document = handover_document(record, catalog, output)
    output.write_bytes(document)
    show_rows(
        COLUMNS,
        [
            (
                one.measure.id, one.area_basis, total.level, total.time_period, total.dimensions, total.figures,
                total.before, total.given, total.elsewhere, total.unallocated,
            )
            for one in record.measures
            for total in one.totals
        ],
        form,
    )  # fmt: skip
    _summarise(record, output, len(document))


def _summarise(record: Handover, output: Path, size: int) -> None:
    from engine.handover_text import fingerprint

    asked = record.question
    figures = sum(len(one.figures) for one in record.measures)
    missing = sum(len(one.missing) for one in record.measures)
    say(
        f"{asked.area.name_vi} ({asked.area.code}, {asked.day} → {asked.other}): {len(record.measures)} đại lượng,"
        f" {figures:,} số liệu, {missing:,} nguồn thiếu",
        f"{asked.area.name_en} ({asked.area.code}, {asked.day} → {asked.other}): {len(record.measures)} measures,"
        f" {figures:,} figures, {missing:,} missing sources",
    )
    say(f"đã ghi {output} ({size:,} byte); dấu vân tay dữ liệu {fingerprint(record)}",
        f"wrote {output} ({size:,} bytes); fingerprint of the data {fingerprint(record)}")  # fmt: skip
