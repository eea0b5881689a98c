"""Commands on figures: `load` files into the lake, and ask it with `sql`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.output import Format, parse_day, say, settings, show_findings, show_rows

LOAD_COLUMNS = ("file", "dataset", "status", "rows", "rejected", "observations", "load_id")


def add_to(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("load")(load_files)
    app.command("sql")(ask)


def load_files(
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX, Parquet")],
    dataset: Annotated[str, typer.Option(help="Bộ dữ liệu: tên trong catalog/models / id of the data model")],
    basis: Annotated[str, typer.Option(help="Ngày mà mã địa bàn có nghĩa / the day whose areas the codes mean")] = "",
    dry_run: Annotated[bool, typer.Option(help="Chỉ kiểm tra, không ghi / only check, write nothing")] = False,
    form: Annotated[Format, typer.Option("--format", help="table | csv | json")] = Format.table,
) -> None:
    """Nạp số liệu theo mô hình dữ liệu. / Load figures that fit a data model; bad rows are told and kept aside."""
    from engine.load import load
    from engine.workspace import Workspace
    from indicators.catalog import load_catalog

    day = parse_day(basis, "--basis") if basis else None
    workspace = Workspace.open(settings.workspace)
    results = load(workspace, load_catalog(workspace.catalog), files, dataset, day, dry_run)
    for result in results:
        show_findings(result.findings)
    rows = [(r.file, r.dataset, r.status, r.rows, r.rejected, r.observations, r.load_id) for r in results]
    show_rows(LOAD_COLUMNS, rows, form)
    if any(result.faulty for result in results):
        if any(result.rejected for result in results):
            say(
                "có dòng không đạt; từng dòng và lý do ở bảng xem rejects (chitieu sql)",
                "some rows are at fault; each row and its reason is in the view rejects (chitieu sql)",
            )
        raise typer.Exit(1)


def ask(
    sql: Annotated[str, typer.Argument(help='SELECT trên các bảng xem / over the views, e.g. "FROM observations"')],
    as_of: Annotated[str, typer.Option(help="Bản chụp: số, ngày, giờ / a snapshot's number, a day or a time")] = "",
    output: Annotated[Path | None, typer.Option("-o", help=".csv .json .parquet .xlsx")] = None,
    form: Annotated[Format, typer.Option("--format", help="table | csv | json")] = Format.table,
) -> None:
    """Hỏi kho số liệu bằng SQL, chỉ đọc. / Ask the lake in SQL, read-only, while others write."""
    from console.file_places import check_output
    from console.result_files import check_name, write_answer
    from engine.query import query
    from engine.workspace import Workspace

    if output is not None:
        check_output(output, settings.workspace, {})
        check_name(output)
    with query(Workspace.open(settings.workspace), sql, as_of) as answer:
        if output is None:
            show_rows(answer.columns, answer.rows(), form)
        else:
            write_answer(output, answer)
            say(f"đã ghi {output}", f"wrote {output}")
