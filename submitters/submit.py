"""Make a report and submit it: the last two steps of a figure's way.

The same bytes are sent once; changed bytes are a new revision, which replaces the one before when it is accepted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from engine.workspace import Workspace
from indicators.catalog import Catalog
from indicators.definitions import Report
from indicators.findings import DataFault, Finding, SystemFault, UsageFault
from submitters.delivery import Channel, Patience, deliver, settle
from submitters.documents import read_document
from submitters.fill import fill
from submitters.form import FilledReport
from submitters.held import read_values
from submitters.http_channel import HttpChannel
from submitters.ledger import BusinessKey, Ledger, Receipt, Submission, idempotency_key
from submitters.receivers import Receiver, read_receiver, read_reporter
from submitters.render import render
from submitters.report_rules import check_document

Done = Literal["dry_run", "sent", "already_accepted"]


@dataclass(frozen=True)
class Outcome:
    """What a submission came to.

    Attributes:
        done: dry_run: nothing was sent or stored. sent: accepted now. already_accepted: nothing was sent.
        form: The filled form.
        url: Where to.
        revision: 1 for the first, one more for each correction.
        receipt: The receiver's proof; None for a dry run of what was not accepted yet.
    """

    done: Done
    form: FilledReport
    url: str
    revision: int
    idempotency_key: str
    sha256: str
    size: int
    receipt: Receipt | None


def filled_report(workspace: Workspace, catalog: Catalog, report_id: str, period: str, as_of: str = "") -> FilledReport:
    """A report's form, filled from the lake of a workspace.

    Raises:
        UsageFault: No such report, or not a period of it.
        DataFault: Nothing is held for the period, or what is held cannot be published.
    """
    return _filled(workspace, catalog, report_id, period, as_of)[0]


def submit(
    workspace: Workspace,
    catalog: Catalog,
    report_id: str,
    period: str,
    channel: str | None = None,
    dry_run: bool = False,
    patience: Patience | None = None,
) -> Outcome:
    """Submit a report for a period, or show the receipt if these bytes were accepted already.

    Args:
        workspace: Its lake is read, its ledger written.
        catalog: The definitions.
        report_id: The report.
        period: A period of it.
        channel: Another receiver's name, or an address, instead of the report's receiver.
        dry_run: Make and check everything, send and store nothing.
        patience: How long to try; by default as `chitieu.toml` says.

    Raises:
        UsageFault: No such report, period or receiver, or an address that is not allowed.
        DataFault: The report breaks a rule, here or at the receiver; or the receiver denies the right to send.
        SystemFault: No certain answer; the same command goes on from there. Or another submission is under way.
    """
    form, snapshot = _filled(workspace, catalog, report_id, period)
    payload = checked_payload(form, catalog)
    try:
        receiver = read_receiver(workspace.root, form.report.receiver, channel)
    except UsageFault as fault:
        raise UsageFault((*([_in_order(report_id, payload)] if dry_run else []), *fault.findings)) from None
    key = BusinessKey(form.report.id, form.closing.period.text, form.reporter.code, receiver.name)
    if dry_run:
        return _dry_run(workspace, form, receiver, key, payload)
    waits = patience or Patience(attempts=receiver.attempts, seconds=receiver.attempts * (receiver.seconds + 30.0))
    with one_sender(workspace.ledger.with_name(workspace.ledger.name + ".sending")):
        ledger = Ledger(workspace.ledger)
        way = HttpChannel(receiver)
        _settle_older(ledger, way, key, payload)
        submission = ledger.store(key, payload, snapshot)
        held = ledger.receipt(submission)
        receipt = held or deliver(ledger, way, submission, waits)
    return _outcome("already_accepted" if held else "sent", form, receiver, submission, receipt)


def checked_payload(form: FilledReport, catalog: Catalog) -> bytes:
    """The bytes to send: JSON, valid against the schema and by the receiver's own rules.

    Raises:
        DataFault: It is not; every problem.
    """
    payload = render(form, "json")
    broken = check_document(read_document(payload), catalog)
    if broken:
        raise DataFault(broken)
    return payload


@contextmanager
def one_sender(file: Path) -> Iterator[None]:
    """Let one process at a time send from a workspace; the lock dies with its holder, so that a killed one blocks none.

    Raises:
        SystemFault: Another process is sending.
    """
    with closing(sqlite3.connect(file, timeout=1.0, isolation_level=None)) as lock:
        file.chmod(0o600)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise SystemFault(
                Finding(
                    "submit.busy",
                    "error",
                    "một tiến trình khác đang gửi báo cáo từ thư mục này; hãy chờ rồi chạy lại",
                    "another process is sending reports from this workspace; wait and run it again",
                )
            ) from None
        yield


def _filled(
    workspace: Workspace, catalog: Catalog, report_id: str, period: str, as_of: str = ""
) -> tuple[FilledReport, str]:
    report = find_report(catalog, report_id)
    values, snapshot = read_values(workspace, report, as_of)
    return fill(report, period, catalog, values, read_reporter(workspace.root)), snapshot


def find_report(catalog: Catalog, report_id: str) -> Report:
    """A report by its id.

    Raises:
        UsageFault: There is none; the finding lists those that there are.
    """
    report = catalog.reports.get(report_id)
    if report is None:
        known = ", ".join(sorted(catalog.reports)) or "-"
        raise UsageFault(
            Finding(
                "usage.report",
                "error",
                f"không có báo cáo '{report_id}'; hiện có: {known}",
                f"there is no report '{report_id}'; there are: {known}",
                subject=report_id,
            )
        )
    return report


def _settle_older(ledger: Ledger, way: Channel, key: BusinessKey, payload: bytes) -> None:
    """A correction waits until it is known what became of the revisions before it."""
    digest = sha256(payload).hexdigest()
    revisions = ledger.revisions(key)
    for older in revisions[:-1] if revisions and revisions[-1].sha256 == digest else revisions:
        if older.state in ("sending", "unknown"):
            settle(ledger, way, older)
        elif older.state == "ready":
            ledger.set_state(older, "superseded")


def _in_order(report_id: str, payload: bytes) -> Finding:
    """What a dry run found out before it came to a receiver that is not there."""
    vi = f"báo cáo hợp lệ ({len(payload):,} byte); chưa gửi được vì nơi nhận"
    en = f"the report is in order ({len(payload):,} bytes); what is missing is the receiver"
    return Finding("submit.in-order", "info", vi, en, subject=report_id)


def _dry_run(workspace: Workspace, form: FilledReport, receiver: Receiver, key: BusinessKey, payload: bytes) -> Outcome:
    digest = sha256(payload).hexdigest()
    ledger = Ledger(workspace.ledger) if workspace.ledger.exists() else None
    held = ledger.revisions(key) if ledger else []
    same = held[-1] if held and held[-1].sha256 == digest else None
    receipt = ledger.receipt(same) if ledger and same else None
    revision = same.revision if same else (held[-1].revision + 1 if held else 1)
    return Outcome(
        "dry_run",
        form,
        receiver.url,
        revision,
        idempotency_key(key, revision, payload),
        digest,
        len(payload),
        receipt,
    )


def _outcome(done: Done, form: FilledReport, receiver: Receiver, submission: Submission, receipt: Receipt) -> Outcome:
    return Outcome(
        done,
        form,
        receiver.url,
        submission.revision,
        submission.idempotency_key,
        submission.sha256,
        len(submission.payload),
        receipt,
    )
