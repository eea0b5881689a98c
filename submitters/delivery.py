"""Bring a stored submission to exactly one acceptance, over failures, kills and lost answers.

The rule that keeps it single: once an attempt to send began, the receiver is asked first, and only its own 'not known'
lets the payload be sent again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

import stamina

from indicators.findings import DataFault, Finding, SystemFault
from submitters.http_channel import Answer
from submitters.ledger import Ledger, Receipt, State, Submission

logging.getLogger("stamina").addHandler(logging.NullHandler())  # tries are in the ledger, not on the screen


class Channel(Protocol):
    """A way to a receiver."""

    def send(self, submission: Submission) -> Answer:
        """Send a payload once."""
        ...

    def status(self, submission: Submission) -> Answer:
        """Ask what became of a payload."""
        ...


@dataclass(frozen=True)
class Patience:
    """How long one command tries; what is unclear at the end stays `unknown` in the ledger.

    Attributes:
        attempts: Tries in all.
        seconds: Time in all, over tries and waits.
        first_wait: The first wait; each next one is twice as long, and jittered.
        longest_wait: The longest wait, also when the receiver asks for more.
    """

    attempts: int = 6
    seconds: float = 120.0
    first_wait: float = 0.5
    longest_wait: float = 30.0


class _Again(Exception):
    """This try settled nothing."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.detail)
        self.answer = answer


def deliver(ledger: Ledger, channel: Channel, submission: Submission, patience: Patience) -> Receipt:
    """Deliver a submission, or find out that it was delivered; its receipt is stored before this returns.

    Raises:
        DataFault: The receiver rejected it, or denied the right to send.
        SystemFault: Nothing certain after all tries; the same command goes on from there.
    """
    held = ledger.receipt(submission)
    if held is not None:
        return held

    def wait(error: Exception) -> bool | float:
        if not isinstance(error, _Again):
            return False
        asked = error.answer.retry_after
        return True if asked is None else min(asked, patience.longest_wait)

    try:
        for attempt in stamina.retry_context(
            on=wait,
            attempts=patience.attempts,
            timeout=patience.seconds,
            wait_initial=patience.first_wait,
            wait_max=patience.longest_wait,
            wait_jitter=patience.first_wait,
        ):
            with attempt:
                return _try(ledger, channel, submission)
    except _Again as last:
        raise SystemFault(_unsettled(submission, last.answer)) from None
    raise AssertionError("a retry loop returns or raises")


def settle(ledger: Ledger, channel: Channel, submission: Submission) -> bool:
    """Ask once what became of a submission whose outcome nobody knows; whether it was accepted.

    One that the receiver does not know is superseded: it is not to be sent any more.

    Raises:
        SystemFault: The receiver gave no certain answer.
    """
    answer = _ask(ledger, channel, submission)
    if answer.outcome == "accepted":
        return True
    if answer.outcome == "not_known":
        ledger.set_state(submission, "superseded")
        return False
    raise SystemFault(_unsettled(submission, answer))


def _try(ledger: Ledger, channel: Channel, submission: Submission) -> Receipt:
    if ledger.is_open(submission):
        answer = _ask(ledger, channel, submission)
        if answer.outcome != "not_known":
            return _settled(submission, answer)
    attempt = ledger.begin(submission, "send")
    answer = channel.send(submission)
    _note(ledger, submission, attempt, answer)
    return _settled(submission, answer)


def _ask(ledger: Ledger, channel: Channel, submission: Submission) -> Answer:
    attempt = ledger.begin(submission, "status")
    answer = channel.status(submission)
    if answer.outcome == "accepted" and answer.receipt is not None:
        ledger.accept(submission, attempt, answer.receipt)
    elif answer.outcome == "rejected":
        ledger.finish(submission, attempt, "rejected", answer.outcome, answer.detail)
    else:  # only the receiver's own word ends 'unknown'; a failed question does not
        state: State = "ready" if answer.outcome == "not_known" else "unknown"
        ledger.finish(submission, attempt, state, answer.outcome, answer.detail)
    return answer


def _note(ledger: Ledger, submission: Submission, attempt: int, answer: Answer) -> None:
    if answer.outcome == "accepted" and answer.receipt is not None:
        ledger.accept(submission, attempt, answer.receipt)
    elif answer.outcome == "rejected":
        ledger.finish(submission, attempt, "rejected", answer.outcome, answer.detail)
    else:
        state: State = "unknown" if answer.outcome in ("unclear", "not_known") else "ready"
        ledger.finish(submission, attempt, state, answer.outcome, answer.detail)


def _settled(submission: Submission, answer: Answer) -> Receipt:
    if answer.outcome == "accepted" and answer.receipt is not None:
        return answer.receipt
    if answer.outcome == "rejected":
        raise DataFault(answer.findings or (_rejected(submission, answer),))
    if answer.outcome == "denied":
        raise DataFault(_denied(submission, answer))
    if answer.outcome == "untrusted":
        raise DataFault(_untrusted(submission, answer))
    raise _Again(answer)


def _rejected(submission: Submission, answer: Answer) -> Finding:
    return Finding(
        "submit.rejected",
        "error",
        f"nơi nhận '{submission.key.receiver}' từ chối báo cáo ({answer.detail}) mà không nêu lý do; hãy hỏi nơi nhận",
        f"receiver '{submission.key.receiver}' rejected the report ({answer.detail}) without a reason; ask them",
        subject=submission.key.report,
    )


def _denied(submission: Submission, answer: Answer) -> Finding:
    return Finding(
        "submit.denied",
        "error",
        f"nơi nhận '{submission.key.receiver}' không chấp nhận mã truy cập ({answer.detail}); chưa gửi được gì; "
        "hãy kiểm tra token_env / token_file",
        f"receiver '{submission.key.receiver}' does not accept the token ({answer.detail}); nothing was sent; "
        "check token_env / token_file",
        subject=submission.key.report,
    )


def _untrusted(submission: Submission, answer: Answer) -> Finding:
    name = submission.key.receiver
    return Finding(
        "submit.untrusted",
        "error",
        f"chứng thư của nơi nhận '{name}' không tin cậy được ({answer.detail}); chưa gửi gì; nếu nơi nhận dùng "
        "chứng thư riêng, hãy ghi tệp chứng thư gốc vào ca_file",
        f"the certificate of receiver '{name}' cannot be trusted ({answer.detail}); nothing was sent; if it has "
        "certificates of its own, name their root in ca_file",
        subject=submission.key.report,
    )


def _unsettled(submission: Submission, answer: Answer) -> Finding:
    return Finding(
        "submit.unsettled",
        "error",
        f"chưa có biên nhận của '{submission.key.receiver}' ({answer.detail}); báo cáo đã lưu trong sổ gửi, "
        "hãy chạy lại chính lệnh này: chương trình hỏi nơi nhận trước rồi mới gửi lại",
        f"no receipt of '{submission.key.receiver}' yet ({answer.detail}); the report is kept in the ledger, "
        "run the same command again: the receiver is asked first, before anything is sent again",
        subject=submission.key.report,
        time_period=submission.key.period,
    )
