"""The ledger: what was submitted, every attempt, and the proof of receipt, in one SQLite file.

A payload is on the disk before its first byte is sent, so that a killed sender can be resumed: it asks the receiver
first. No secret is ever written here.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import DatabaseError

from indicators.findings import DataFault, Finding, SystemFault
from submitters.ledger_tables import attempts, metadata, open_engine, receipts, submissions

State = Literal["ready", "sending", "unknown", "accepted", "rejected", "superseded"]
"""ready: stored, not sent; sending: an attempt began; unknown: nobody knows whether it arrived."""

_NAMESPACE = uuid.UUID("5d0cf6a2-6d0d-5b8e-9f0b-7c1b9a0e2f41")


@dataclass(frozen=True)
class BusinessKey:
    """What a submission is about; each revision of it is one submission."""

    report: str
    period: str
    unit: str
    receiver: str


@dataclass(frozen=True)
class Submission:
    """One revision of a report, as stored; `supersedes` is the id of the revision it replaces."""

    id: int
    key: BusinessKey
    revision: int
    idempotency_key: str
    payload: bytes
    sha256: str
    state: State
    supersedes: int | None


@dataclass(frozen=True)
class Receipt:
    """A receiver's proof: its id and moment, the digest of what it received, and its answer as it came."""

    receipt_id: str
    received_at: str
    sha256: str
    raw: str


def idempotency_key(key: BusinessKey, revision: int, payload: bytes) -> str:
    """The same revision with the same bytes always has the same key, on every try and after every crash."""
    parts = (key.report, key.period, key.unit, key.receiver, str(revision), sha256(payload).hexdigest())
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))


class Ledger:
    """The ledger of a workspace; made, readable by its owner only, when it is first opened."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._engine = open_engine(file)
        with self.transaction() as connection:
            metadata.create_all(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction, which takes the write lock at once; on the disk when it ends.

        Raises:
            SystemFault: The ledger is locked or cannot be written.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except (DatabaseError, sqlite3.DatabaseError) as error:
            cause = error.orig if isinstance(error, DatabaseError) else error
            raise SystemFault(
                Finding(
                    "ledger.fault",
                    "error",
                    f"không đọc ghi được sổ gửi báo cáo ({cause}); hãy thử lại; nếu vẫn lỗi, khôi phục bản sao lưu",
                    f"the ledger cannot be used ({cause}); try again; if it stays so, restore it from a backup",
                    file=str(self.file),
                )
            ) from None

    def revisions(self, key: BusinessKey) -> list[Submission]:
        """All revisions of a report, oldest first."""
        wanted = (
            select(submissions)
            .where(
                submissions.c.report == key.report,
                submissions.c.period == key.period,
                submissions.c.unit == key.unit,
                submissions.c.receiver == key.receiver,
            )
            .order_by(submissions.c.revision)
        )
        with self.transaction() as connection:
            return [_submission(row) for row in connection.execute(wanted)]

    def store(self, key: BusinessKey, payload: bytes, snapshot: str = "") -> Submission:
        """Store what is to be sent: the latest revision if it has these bytes and was not rejected, else a new one."""
        held = self.revisions(key)
        digest = sha256(payload).hexdigest()
        if held and held[-1].sha256 == digest:
            return held[-1]
        revision = held[-1].revision + 1 if held else 1
        replaced = [one.id for one in held if one.state == "accepted"]
        row = {
            "report": key.report,
            "period": key.period,
            "unit": key.unit,
            "receiver": key.receiver,
            "revision": revision,
            "idempotency_key": idempotency_key(key, revision, payload),
            "sha256": digest,
            "state": "ready",
            "supersedes": replaced[-1] if replaced else None,
            "snapshot": snapshot,
            "created_at": moment(),
            "updated_at": moment(),
            "payload": payload,
        }
        with self.transaction() as connection:
            connection.execute(insert(submissions).values(row))
        return self.revisions(key)[-1]

    def begin(self, submission: Submission, kind: str) -> int:
        """Note that an attempt begins (`send` or `status`), before its first byte; returns the attempt's id."""
        with self.transaction() as connection:
            if kind == "send":
                _set_state(connection, submission.id, "sending")
            row = insert(attempts).values(submission=submission.id, kind=kind, started_at=moment())
            return int(connection.execute(row.returning(attempts.c.id)).scalar_one())

    def finish(self, submission: Submission, attempt: int, state: State, outcome: str, detail: str = "") -> None:
        """Note how an attempt ended, and the state it leaves the submission in."""
        with self.transaction() as connection:
            _finish(connection, attempt, outcome, detail)
            _set_state(connection, submission.id, state)

    def accept(self, submission: Submission, attempt: int, receipt: Receipt) -> None:
        """Store a verified receipt: the submission is accepted, and what it replaces is superseded, all at once.

        Raises:
            DataFault: The digest is not ours, or the receipt is held for another submission: it stays `unknown`.
        """
        if receipt.sha256 != submission.sha256 or self._is_foreign(submission, receipt):
            self.finish(submission, attempt, "unknown", "unclear", f"receipt {receipt.receipt_id} is not ours")
            raise DataFault(_not_ours(submission, receipt))
        row = {
            "submission": submission.id,
            "receiver": submission.key.receiver,
            "receipt_id": receipt.receipt_id,
            "received_at": receipt.received_at,
            "sha256": receipt.sha256,
            "verified": True,
            "stored_at": moment(),
            "raw": receipt.raw,
        }
        with self.transaction() as connection:
            connection.execute(insert(receipts).values(row))
            _finish(connection, attempt, "accepted", receipt.receipt_id)
            _set_state(connection, submission.id, "accepted")
            if submission.supersedes is not None:
                _set_state(connection, submission.supersedes, "superseded")

    def _is_foreign(self, submission: Submission, receipt: Receipt) -> bool:
        wanted = select(receipts.c.submission).where(
            receipts.c.receiver == submission.key.receiver, receipts.c.receipt_id == receipt.receipt_id
        )
        with self.transaction() as connection:
            return connection.execute(wanted).scalar_one_or_none() not in (None, submission.id)

    def set_state(self, submission: Submission, state: State) -> None:
        """Change the state of a submission without an attempt."""
        with self.transaction() as connection:
            _set_state(connection, submission.id, state)

    def receipt(self, submission: Submission) -> Receipt | None:
        """The stored receipt of a submission, if it was accepted."""
        wanted = select(receipts).where(receipts.c.submission == submission.id)
        with self.transaction() as connection:
            row = connection.execute(wanted).first()
        return Receipt(row.receipt_id, row.received_at, row.sha256, row.raw) if row else None

    def is_open(self, submission: Submission) -> bool:
        """Whether an attempt to send began whose end is not known: then the receiver is asked first."""
        wanted = select(submissions.c.state).where(submissions.c.id == submission.id)
        with self.transaction() as connection:
            return connection.execute(wanted).scalar_one() in ("sending", "unknown")


def moment() -> str:
    """Now, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _submission(row: Row[Any]) -> Submission:
    key = BusinessKey(row.report, row.period, row.unit, row.receiver)
    return Submission(
        row.id, key, row.revision, row.idempotency_key, row.payload, row.sha256, row.state, row.supersedes
    )


def _set_state(connection: Connection, submission: int, state: State) -> None:
    change = update(submissions).where(submissions.c.id == submission)
    connection.execute(change.values(state=state, updated_at=moment()))


def _finish(connection: Connection, attempt: int, outcome: str, detail: str) -> None:
    change = update(attempts).where(attempts.c.id == attempt)
    connection.execute(change.values(finished_at=moment(), outcome=outcome, detail=detail[:2000]))


def _not_ours(submission: Submission, receipt: Receipt) -> Finding:
    return Finding(
        "submit.foreign-receipt",
        "error",
        f"biên nhận {receipt.receipt_id} không phải của lần gửi này nên không được chấp nhận; hãy hỏi nơi nhận",
        f"receipt {receipt.receipt_id} is not that of this submission, so it is not accepted; ask the receiver",
        subject=submission.key.report,
        time_period=submission.key.period,
    )
