"""What the ledger says to people: what is still to be settled, and what was received. Reading makes no ledger."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from submitters.ledger import Ledger
from submitters.ledger_tables import attempts, receipts, submissions

_ABOUT = ("report", "period", "unit", "receiver", "revision", "state")
OUTBOX = (*_ABOUT, "attempts", "last_outcome", "updated_at", "sha256")
RECEIPTS = (*_ABOUT, "receipt_id", "received_at", "sha256", "verified")


def outbox(file: Path) -> list[tuple[object, ...]]:
    """Submissions without a receipt that no later revision replaces, oldest first; columns `OUTBOX`."""
    if not file.exists():
        return []
    mine = attempts.c.submission == submissions.c.id
    count = select(func.count()).where(mine).scalar_subquery()
    last = select(attempts.c.outcome).where(mine).order_by(attempts.c.id.desc()).limit(1).scalar_subquery()
    table = submissions.c
    wanted = (
        select(
            table.report, table.period, table.unit, table.receiver, table.revision, table.state,
            count, func.coalesce(last, ""), table.updated_at, table.sha256,
        )
        .where(table.state.not_in(("accepted", "superseded")))
        .order_by(table.id)
    )  # fmt: skip
    with Ledger(file).transaction() as connection:
        return [tuple(row) for row in connection.execute(wanted)]


def receipt_list(file: Path) -> list[tuple[object, ...]]:
    """Every receipt with what it is for, oldest first; columns `RECEIPTS`."""
    if not file.exists():
        return []
    table, proof = submissions.c, receipts.c
    wanted = (
        select(
            table.report, table.period, table.unit, table.receiver, table.revision, table.state,
            proof.receipt_id, proof.received_at, proof.sha256, proof.verified,
        )
        .join_from(receipts, submissions, proof.submission == table.id)
        .order_by(proof.id)
    )  # fmt: skip
    with Ledger(file).transaction() as connection:
        return [tuple(row) for row in connection.execute(wanted)]
