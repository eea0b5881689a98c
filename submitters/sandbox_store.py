"""What the sandbox has received: payloads with their receipts, rejections, and a log of requests, as plain files."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from indicators.findings import Finding
from submitters.ledger import moment

_NAMESPACE = uuid.UUID("0b6a3c0e-7a55-5d29-8c3f-6f2c9a1d7e10")


@dataclass(frozen=True)
class Accepted:
    """A report that the sandbox has accepted, and the facts of its receipt."""

    receipt_id: str
    received_at: str
    idempotency_key: str
    sha256: str
    report: str
    period: str
    unit: str
    revision: int
    bytes: int

    def receipt(self) -> dict[str, object]:
        """The receipt, as it is sent."""
        return {"state": "accepted", **asdict(self), "findings": []}


class Store:
    """A folder: `KEY.json` the payload, `KEY.receipt.json` its receipt, `rejected.jsonl`, `requests.jsonl`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._accepted: dict[str, Accepted] = {}
        for file in sorted(folder.glob("*.receipt.json")):
            held = Accepted(**json.loads(file.read_text("utf-8")))
            self._accepted[held.idempotency_key] = held

    def by_key(self, key: str) -> Accepted | None:
        """What was accepted under an idempotency key."""
        return self._accepted.get(key)

    def latest(self, report: str, period: str, unit: str) -> Accepted | None:
        """The latest revision of a report that was accepted."""
        about = (report, period, unit)
        mine = [one for one in self._accepted.values() if (one.report, one.period, one.unit) == about]
        return max(mine, key=lambda one: one.revision, default=None)

    def accept(self, key: str, digest: str, about: tuple[str, str, str], revision: int, payload: bytes) -> Accepted:
        """Keep a payload and make its receipt; both are on the disk when this returns."""
        receipt_id = f"SBX-{uuid.uuid5(_NAMESPACE, key)}"
        held = Accepted(receipt_id, moment(), key, digest, *about, revision, len(payload))
        self._write(f"{key}.json", payload)
        self._write(f"{key}.receipt.json", json.dumps(asdict(held), ensure_ascii=False).encode())
        self._accepted[key] = held
        return held

    def reject(self, key: str, digest: str, findings: list[Finding]) -> None:
        """Note a rejection with its findings."""
        row = {"received_at": moment(), "idempotency_key": key, "sha256": digest, "findings": len(findings)}
        self._append("rejected.jsonl", {**row, "first": findings[0].vi if findings else ""})

    def log(self, method: str, path: str, answer: str) -> None:
        """Note a request and how it was answered."""
        self._append("requests.jsonl", {"at": moment(), "method": method, "path": path, "answer": answer})

    def accepted(self) -> list[Accepted]:
        """Everything accepted, newest first."""
        return sorted(self._accepted.values(), key=lambda one: (one.received_at, one.revision), reverse=True)

    def rejected(self) -> list[Mapping[str, object]]:
        """Every rejection, newest first."""
        file = self.folder / "rejected.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in reversed(lines)]

    def payload(self, key: str) -> bytes | None:
        """The payload of an accepted report, as it came."""
        return (self.folder / f"{key}.json").read_bytes() if key in self._accepted else None

    def _write(self, name: str, content: bytes) -> None:
        new = self.folder / f"{name}.new"
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.folder / name)

    def _append(self, name: str, row: Mapping[str, object]) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
