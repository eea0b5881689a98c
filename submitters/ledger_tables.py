"""The tables of the ledger, and how its SQLite file is opened: nothing is lost when a process or the machine stops."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.pool import NullPool

metadata = MetaData()
submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report", String, nullable=False),
    Column("period", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("receiver", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("idempotency_key", String, nullable=False, unique=True),
    Column("sha256", String, nullable=False),
    Column("state", String, nullable=False),
    Column("supersedes", Integer, ForeignKey("submissions.id")),
    Column("snapshot", String, nullable=False, default=""),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("report", "period", "unit", "receiver", "revision"),
)
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Integer, ForeignKey("submissions.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String),
    Column("outcome", String, nullable=False, default=""),
    Column("detail", String, nullable=False, default=""),
)
receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Integer, ForeignKey("submissions.id"), nullable=False),
    Column("receiver", String, nullable=False),
    Column("receipt_id", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("stored_at", String, nullable=False),
    Column("raw", String, nullable=False),
    UniqueConstraint("receiver", "receipt_id"),
)


def open_engine(file: Path) -> Engine:
    """An engine on the ledger's file, which is made readable by its owner only; the tables may still be missing."""
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    made = create_engine(f"sqlite:///{file}", poolclass=NullPool, connect_args={"timeout": 30})

    @event.listens_for(made, "connect")
    def connect(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver begins no transaction of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # a read that turns into a write would fail at once

    return made
