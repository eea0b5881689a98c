"""Commands for reports: render, calendar, submit, receipts, outbox, sandbox."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.output import Format, say, settings, show_rows
from indicators.findings import Finding, UsageFault

if TYPE_CHECKING:
    from engine.workspace import Workspace
    from indicators.catalog import Catalog
    from submitters.submit import Outcome

Period = Annotated[str, typer.Option("--period", help="Kỳ báo cáo / period: 2025, 2025-S2, 2025-Q3, 2025-07")]
Report = Annotated[str, typer.Argument(help="Mã báo cáo / the report's id")]
AsFormat = Annotated[Format, typer.Option("--format", help="Dạng kết quả / how rows come out")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    report = typer.Typer(no_args_is_help=True, help="Biểu báo cáo và lịch / report forms and calendars")
    report.command("render")(render_report)
    report.command("calendar")(show_calendar)
    app.add_typer(report, name="report")
    app.command("submit")(submit_report)
    app.command("receipts")(show_receipts)
    app.command("outbox")(show_outbox)
    app.command("sandbox")(run_sandbox)


def render_report(
    report: Report,
    period: Period,
    as_form: Annotated[str, typer.Option("--as", help="json | html | xlsx | sdmx-csv")] = "html",
    output: Annotated[Path | None, typer.Option("-o", help="Tệp kết quả / the file to write; else stdout")] = None,
    as_of: Annotated[str, typer.Option(help="Bản chụp hoặc ngày của kho / snapshot or day of the lake")] = "",
) -> None:
    """Lập báo cáo từ số liệu đã công bố. / Make a report from the published figures."""
    from console.file_places import check_output
    from submitters.render import render, require_form
    from submitters.submit import filled_report

    require_form(as_form)
    if output is not None:
        check_output(output, settings.workspace, {})
    workspace, catalog = _open()
    document = render(filled_report(workspace, catalog, report, period, as_of), as_form)
    if output is None:
        sys.stdout.buffer.write(document)
    else:
        output.write_bytes(document)
        say(f"đã ghi {output} ({len(document):,} byte)", f"wrote {output} ({len(document):,} bytes)")


def show_calendar(report: Report, period: Period, form: AsFormat = Format.table) -> None:
    """Thời gian chốt số liệu và thời hạn gửi. / The window of the figures and the deadline."""
    from submitters.calendar import closing
    from submitters.submit import find_report

    _, catalog = _open()
    found = find_report(catalog, report)
    closed = closing(catalog.calendars[found.calendar], found, period)
    basis = closed.rule.basis
    columns = ("report", "period", "window_from", "window_to", "deadline", "timezone", "basis", "verified")
    cited = ", ".join(text for text in (basis.document, basis.item) if text)
    days = (closed.window_from, closed.window_to, closed.deadline)
    show_rows(columns, [(report, closed.period.text, *days, closed.timezone, cited, basis.verified)], form)


def submit_report(
    report: Report,
    period: Period,
    channel: Annotated[
        str | None, typer.Option(help="Nơi nhận khác hoặc địa chỉ / another receiver, or an address")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không gửi / check only")] = False,
    form: AsFormat = Format.table,
) -> None:
    """Gửi báo cáo; nội dung đã được nhận thì không gửi lại. / Submit; what was accepted is not sent again."""
    from submitters.calendar import is_late
    from submitters.receivers import UNNAMED
    from submitters.submit import submit

    workspace, catalog = _open()
    outcome = submit(workspace, catalog, report, period, channel, dry_run)
    closed = outcome.form.closing
    if outcome.form.reporter == UNNAMED:
        say(
            "chưa khai báo đơn vị báo cáo: thêm [reporter] với code và name vào chitieu.toml",
            "nobody is named as the reporter: add [reporter] with code and name to chitieu.toml",
        )
    if outcome.done != "already_accepted" and is_late(closed, datetime.now(UTC)):
        say(f"thời hạn gửi là {closed.deadline}: đã quá hạn", f"the deadline was {closed.deadline}: it is over")
    _say_outcome(outcome)
    receipt = outcome.receipt
    columns = ("report", "period", "revision", "done", "receipt_id", "received_at", "sha256", "bytes", "url")
    proof = (receipt.receipt_id, receipt.received_at) if receipt else (None, None)
    facts = (report, closed.period.text, outcome.revision, outcome.done)
    show_rows(columns, [(*facts, *proof, outcome.sha256, outcome.size, outcome.url)], form)


def show_receipts(form: AsFormat = Format.table) -> None:
    """Biên nhận đã lưu. / The receipts that are kept."""
    from engine.workspace import Workspace
    from submitters.ledger_lists import RECEIPTS, receipt_list

    show_rows(RECEIPTS, receipt_list(Workspace.open(settings.workspace).ledger), form)


def show_outbox(form: AsFormat = Format.table) -> None:
    """Báo cáo chưa có biên nhận. / Submissions without a receipt."""
    from engine.workspace import Workspace
    from submitters.ledger_lists import OUTBOX, outbox

    waiting = outbox(Workspace.open(settings.workspace).ledger)
    if not waiting:
        say("không có báo cáo nào đang chờ", "nothing is waiting")
    show_rows(OUTBOX, waiting, form)


def run_sandbox(
    port: Annotated[int, typer.Option(help="Cổng; 0: tự chọn / port; 0: any free one", min=0, max=65535)] = 0,
    data: Annotated[Path | None, typer.Option(help="Nơi lưu báo cáo nhận được / where to keep what comes")] = None,
    token_env: Annotated[str, typer.Option(help="Biến chứa mã truy cập bắt buộc / variable with a token")] = "",
    fault: Annotated[list[str] | None, typer.Option(help="Lỗi giả lập, lần lượt / faults to show, in turn")] = None,
    seconds: Annotated[float, typer.Option(help="accept-slowly: chậm bao nhiêu giây / how slow")] = 5.0,
) -> None:
    """Nơi nhận thử nghiệm trên máy này; dòng đầu là địa chỉ. / The stand-in receiver; the first line is its address."""
    from submitters.sandbox import Sandbox, listen, serve
    from submitters.sandbox_faults import FAULTS, Faults
    from submitters.sandbox_store import Store

    workspace, catalog = _open()
    faults = tuple(fault or ())
    for name in faults:
        if name not in FAULTS:
            listed = ", ".join(FAULTS)
            vi, en = f"--fault {name}: không có; hiện có: {listed}", f"--fault {name}: unknown; there are: {listed}"
            raise UsageFault(Finding("usage.fault", "error", vi, en))
    token = os.environ.get(token_env, "") if token_env else ""
    if token_env and not token:
        vi, en = f"biến {token_env} chưa có hoặc rỗng", f"variable {token_env} is not set or empty"
        raise UsageFault(Finding("usage.token", "error", vi, en))
    folder = data or workspace.root / "sandbox"
    listening, url = listen(port)
    sys.stdout.write(url + "\n")
    sys.stdout.flush()
    say(f"nơi nhận thử nghiệm, lưu vào {folder}; dừng: Ctrl+C", f"sandbox, keeps into {folder}; stop: Ctrl+C")
    serve(Sandbox(catalog, Store(folder), token, Faults(faults, seconds)), listening)


def _open() -> tuple[Workspace, Catalog]:
    from engine.workspace import Workspace
    from indicators.catalog import load_catalog

    workspace = Workspace.open(settings.workspace)
    return workspace, load_catalog(workspace.catalog)


def _say_outcome(outcome: Outcome) -> None:
    number, size, url = outcome.revision, f"{outcome.size:,}", outcome.url
    if outcome.done == "dry_run" and outcome.receipt is not None:
        say("nội dung này đã được nhận; nếu gửi cũng không gửi lại", "accepted before; submitting would send nothing")
    elif outcome.done == "dry_run":
        say(
            f"báo cáo hợp lệ; lần gửi {number}, {size} byte, sẽ gửi đến {url}; chưa gửi gì",
            f"the report is in order; revision {number}, {size} bytes, would go to {url}; nothing was sent",
        )
    elif outcome.done == "already_accepted":
        say("nội dung này đã được nhận: không gửi gì, đây là biên nhận đã lưu", "accepted before: nothing was sent")
    else:
        say(f"nơi nhận đã chấp nhận lần gửi {outcome.revision}", f"revision {outcome.revision} was accepted")
