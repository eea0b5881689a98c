"""Exactly one acceptance, whatever fails on the way: against a model receiver, with every order of faults."""

import sqlite3
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.findings import ChitieuError, DataFault, SystemFault
from submitters.delivery import Patience, deliver
from submitters.http_channel import Answer, read_answer, retry_after
from submitters.ledger import BusinessKey, Ledger, Receipt, Submission, idempotency_key
from submitters.ledger_lists import outbox, receipt_list

KEY = BusinessKey("r", "2024", "T15", "sandbox")
ONCE = Patience(attempts=1, seconds=5, first_wait=0, longest_wait=0)


class Killed(BaseException):
    """The sender's process ends here, as with kill -9."""


@dataclass
class Model:
    """A receiver without any protection against duplicates: it counts what it takes."""

    ledger: Path
    faults: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def send(self, submission: Submission) -> Answer:
        with sqlite3.connect(self.ledger) as other:  # what another process sees, before the first byte is sent
            row = other.execute("SELECT payload, state FROM submissions WHERE id = ?", [submission.id]).fetchone()
        other.close()
        assert row == (submission.payload, "sending")
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "killed before":
            raise Killed
        if fault == "not taken":
            return Answer("not_taken", "ConnectError")
        if fault == "cut before":
            return Answer("unclear", "ReadError")
        self.taken.append(submission.idempotency_key)
        if fault == "killed after":
            raise Killed
        return Answer("unclear", "ReadTimeout") if fault == "cut after" else self._receipt(submission)

    def status(self, submission: Submission) -> Answer:
        fault = self.faults.pop(0) if self.faults else ""
        if fault.startswith("killed"):
            raise Killed
        if fault:
            return Answer("not_taken" if fault == "not taken" else "unclear", fault)
        known = submission.idempotency_key in self.taken
        return self._receipt(submission) if known else Answer("not_known", "HTTP 404")

    def _receipt(self, submission: Submission) -> Answer:
        receipt = Receipt("R-" + submission.idempotency_key, "2025-01-01T00:00:00+00:00", submission.sha256, "{}")
        return Answer("accepted", "HTTP 201", receipt)


FAULTS = st.lists(st.sampled_from(["", "not taken", "cut before", "cut after", "killed before", "killed after"]))


@settings(max_examples=30, deadline=None)
@given(faults=FAULTS)
def test_exactly_one_acceptance_in_every_order_of_faults(
    tmp_path_factory: pytest.TempPathFactory, faults: list[str]
) -> None:
    file = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    model = Model(file, list(faults))
    for _ in range(len(faults) + 1):
        ledger = Ledger(file)  # a new process each time
        try:
            receipt = deliver(ledger, model, ledger.store(KEY, b"payload"), ONCE)
            break
        except (SystemFault, Killed):
            assert len(model.taken) <= 1
    assert len(model.taken) == 1
    assert [row[6] for row in receipt_list(file)] == [receipt.receipt_id]
    assert deliver(ledger, model, ledger.store(KEY, b"payload"), ONCE) == receipt
    assert len(model.taken) == 1
    assert outbox(file) == []


def test_only_the_receivers_own_word_ends_unknown(tmp_path: Path) -> None:
    ledger, file = Ledger(tmp_path / "ledger.sqlite"), tmp_path / "ledger.sqlite"
    model = Model(file, ["cut after", "not taken", "cut before", "cut before"])
    submission = ledger.store(KEY, b"x")
    for _ in range(4):
        with pytest.raises(SystemFault, match=r"submit\.unsettled"):
            deliver(ledger, model, submission, ONCE)
        assert outbox(file)[0][5] == "unknown"
    deliver(ledger, model, submission, ONCE)
    assert len(model.taken) == 1


def test_the_ledger_is_private_and_durable(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    ledger = Ledger(file)
    ledger.store(KEY, b"x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with ledger.transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # the write lock is taken from the start
            sqlite3.connect(file, timeout=0).execute("BEGIN IMMEDIATE")


def test_a_damaged_ledger_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(SystemFault, match=r"ledger\.fault"):
        Ledger(file)


def test_revisions_have_keys_of_their_own_and_the_same_bytes_the_same(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    first = ledger.store(KEY, b"one")
    assert ledger.store(KEY, b"one") == first
    second, third = ledger.store(KEY, b"two"), ledger.store(KEY, b"one")
    assert [first.revision, second.revision, third.revision] == [1, 2, 3]
    assert len({first.idempotency_key, second.idempotency_key, third.idempotency_key}) == 3
    assert third.idempotency_key == idempotency_key(KEY, 3, b"one")


def test_a_receipt_of_other_bytes_or_of_another_submission_is_not_accepted(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    first = ledger.store(KEY, b"one")
    receipt = Receipt("R1", "now", first.sha256, "{}")
    ledger.accept(first, ledger.begin(first, "send"), receipt)
    second = ledger.store(KEY, b"two")
    for foreign in (Receipt("R2", "now", first.sha256, "{}"), Receipt("R1", "now", second.sha256, "{}")):
        with pytest.raises(DataFault, match=r"submit\.foreign-receipt"):
            ledger.accept(second, ledger.begin(second, "send"), foreign)
        assert ledger.revisions(KEY)[1].state == "unknown"
    assert len(receipt_list(ledger.file)) == 1


def submission() -> Submission:
    digest = sha256(b"x").hexdigest()
    return Submission(1, KEY, 1, idempotency_key(KEY, 1, b"x"), b"x", digest, "sending", None)


GOOD = f'"receipt_id": "R", "received_at": "now", "sha256": "{sha256(b"x").hexdigest()}"'
MINE = f'"idempotency_key": "{idempotency_key(KEY, 1, b"x")}"'


@pytest.mark.parametrize(
    ("method", "code", "kind", "body", "outcome"),
    [
        ("POST", 201, "application/json", f"{{{GOOD}, {MINE}}}", "accepted"),
        ("POST", 200, "application/json; charset=utf-8", f"{{{GOOD}, {MINE}}}", "accepted"),
        ("POST", 201, "application/json", f'{{{GOOD}, "idempotency_key": "other"}}', "unclear"),
        ("POST", 201, "application/json", f"{{{GOOD.replace('2d', '3e')}, {MINE}}}", "unclear"),  # tampered digest
        ("POST", 201, "application/json", f"{{{MINE}}}", "unclear"),
        ("POST", 201, "text/html", f"{{{GOOD}, {MINE}}}", "unclear"),
        ("POST", 201, "application/json", f"{{{GOOD}, {MINE}", "unclear"),  # cut off
        ("POST", 200, "text/html", "<html>", "unclear"),
        ("POST", 302, "text/html", "", "unclear"),
        ("POST", 500, "application/json", "{}", "unclear"),
        ("POST", 504, "text/html", "", "unclear"),
        ("POST", 429, "text/html", "", "not_taken"),
        ("POST", 401, "application/json", "{}", "denied"),
        ("POST", 422, "application/json", '{"findings": [{"rule": "r", "vi": "v"}]}', "rejected"),
        ("POST", 422, "text/html", "<html>", "unclear"),  # a proxy's refusal is not the receiver's
        ("POST", 404, "text/html", "<html>", "unclear"),
        ("POST", 409, "application/json", f'{{"receipt": {{{GOOD}, "idempotency_key": "other"}}}}', "accepted"),
        ("POST", 409, "application/json", f'{{"receipt": {{{GOOD.replace("2d", "3e")}, {MINE}}}}}', "rejected"),
        ("POST", 409, "application/json", "{}", "unclear"),
        ("GET", 200, "application/json", f"{{{GOOD}, {MINE}}}", "accepted"),
        ("GET", 404, "application/json", f'{{"known": false, {MINE}}}', "not_known"),
        ("GET", 404, "application/json", '{"known": false, "idempotency_key": "other"}', "unclear"),
        ("GET", 404, "application/json", "{}", "unclear"),
        ("GET", 404, "text/html", "<html>", "unclear"),
        ("GET", 422, "application/json", "{}", "unclear"),
        ("GET", 503, "application/json", "{}", "unclear"),
    ],
)
def test_what_an_answer_says_for_certain(method: str, code: int, kind: str, body: str, outcome: str) -> None:
    answer = read_answer(method, code, {"content-type": kind}, body.encode(), submission())
    assert answer.outcome == outcome


def test_retry_after_is_read_as_seconds_or_a_date() -> None:
    now = datetime(2025, 12, 25, 10, 0, tzinfo=UTC)
    assert retry_after("Thu, 25 Dec 2025 10:00:30 GMT", now) == 30
    assert retry_after("Thu, 25 Dec 2015 10:00:30 GMT", now) == 0
    assert retry_after("315360000", now) == 315360000
    assert retry_after("²", now) is None
    assert retry_after("", now) is None


def test_an_absurd_wait_is_capped(tmp_path: Path) -> None:
    class Slow(Model):
        def send(self, submission: Submission) -> Answer:
            answer = super().send(submission)
            return answer if answer.receipt else Answer("not_taken", "HTTP 429", retry_after=315360000.0)

    ledger = Ledger(tmp_path / "ledger.sqlite")
    model = Slow(ledger.file, ["not taken", "not taken"])
    deliver(ledger, model, ledger.store(KEY, b"x"), Patience(attempts=5, seconds=5, first_wait=0, longest_wait=0.05))
    assert len(model.taken) == 1


def test_a_rejection_is_kept_and_the_same_bytes_may_be_tried_again(tmp_path: Path) -> None:
    class Strict(Model):
        def send(self, submission: Submission) -> Answer:
            self.taken.append(submission.idempotency_key)
            return Answer("rejected", "HTTP 422")

    ledger = Ledger(tmp_path / "ledger.sqlite")
    model = Strict(ledger.file)
    for number in (1, 2):
        with pytest.raises(ChitieuError, match=r"submit\.rejected"):
            deliver(ledger, model, ledger.store(KEY, b"x"), ONCE)
        assert len(model.taken) == number
        assert [row[5] for row in outbox(ledger.file)] == ["rejected"]
