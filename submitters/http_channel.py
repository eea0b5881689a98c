"""One request to a receiver over HTTP, and what its answer says for certain.

Only an answer that can come from nobody but the receiver counts: a receipt with our key and our digest, findings, or a
plain 'not known'. Everything else (a cut, a timeout, a 5xx, a page of some proxy) is `unclear`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlsplit

import httpx

from indicators.findings import Finding
from submitters.ledger import Receipt, Submission
from submitters.receivers import Receiver, is_loopback

Outcome = Literal["accepted", "rejected", "not_known", "not_taken", "denied", "untrusted", "unclear"]

_LARGEST_ANSWER = 1_000_000
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Answer:
    """What is known after a request.

    Attributes:
        outcome: accepted: with a receipt of ours. rejected: with findings. not_known: the receiver has no such key.
            not_taken: nothing arrived, or it asked to come again. denied: no right to send. untrusted: its certificate
            is not good, so nothing was sent. unclear: nobody knows.
        retry_after: Seconds that the receiver asked to wait, not below 0, or None.
        detail: For the ledger and messages; no secrets.
    """

    outcome: Outcome
    detail: str
    receipt: Receipt | None = None
    findings: tuple[Finding, ...] = ()
    retry_after: float | None = None


class HttpChannel:
    """The requests that chitieu knows: `POST /submissions` and `GET /submissions/KEY`."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        verify = ssl.create_default_context(cafile=receiver.ca_file) if receiver.ca_file else True
        self._verify: ssl.SSLContext | bool = verify

    def send(self, submission: Submission) -> Answer:
        """Send a payload once."""
        digest = base64.b64encode(bytes.fromhex(submission.sha256)).decode()
        headers = {
            "Content-Type": "application/json",
            "Content-Digest": f"sha-256=:{digest}:",  # RFC 9530
            "Idempotency-Key": submission.idempotency_key,
            "Chitieu-Revision": str(submission.revision),
        }
        return self._ask("POST", "/submissions", submission, headers, submission.payload)

    def status(self, submission: Submission) -> Answer:
        """Ask what became of a payload, by its idempotency key."""
        return self._ask("GET", f"/submissions/{submission.idempotency_key}", submission, {}, None)

    def _ask(
        self, method: str, path: str, submission: Submission, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        try:
            code, fields, text = asyncio.run(self._exchange(method, path, headers, body))
        except _NOT_SENT as error:
            outcome: Outcome = "untrusted" if "CERTIFICATE_VERIFY_FAILED" in str(error) else "not_taken"
            return Answer(outcome, f"{type(error).__name__}: {error}")
        except TimeoutError:
            return Answer("unclear", f"no answer within {self.receiver.seconds} s")
        except httpx.RequestError as error:
            return Answer("unclear", f"{type(error).__name__}: {error}")
        return read_answer(method, code, fields, text, submission)

    async def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request within the receiver's seconds, all in all: httpx only bounds its single steps."""
        local = is_loopback(urlsplit(self.receiver.url).hostname or "")
        sent = {"Accept": "application/json", **headers}
        if self.receiver.token:
            sent["Authorization"] = f"Bearer {self.receiver.token}"
        async with (
            asyncio.timeout(self.receiver.seconds),
            httpx.AsyncClient(
                verify=self._verify, follow_redirects=False, trust_env=not local, timeout=self.receiver.seconds
            ) as client,
            client.stream(method, self.receiver.url + path, headers=sent, content=body) as response,
        ):
            text = b""
            async for piece in response.aiter_bytes():
                text += piece
                if len(text) > _LARGEST_ANSWER:
                    break
            return response.status_code, response.headers, text


def read_answer(method: str, code: int, headers: Mapping[str, str], text: bytes, submission: Submission) -> Answer:
    """What an HTTP answer says for certain about a submission.

    Args:
        method: POST (sent) or GET (status).
        code: HTTP status code.
        headers: Header fields.
        text: The body, at most a megabyte.
        submission: What was asked about.
    """
    body = _json_object(headers, text)
    detail = f"HTTP {code}"
    if code in (200, 201, 202, 409) and body is not None:
        return _receipt(code, body, text, submission)
    if code == 404 and method == "GET" and body is not None:
        ours = body.get("known") is False and body.get("idempotency_key") == submission.idempotency_key
        return Answer("not_known" if ours else "unclear", detail)
    if code in (401, 403):
        return Answer("denied", detail)
    if code in (400, 413, 415, 422) and body is not None and method == "POST":
        return Answer("rejected", detail, findings=_findings(body))
    wait = retry_after(headers.get("retry-after", ""), datetime.now(UTC))
    return Answer("not_taken" if code == 429 else "unclear", detail, retry_after=wait)


def retry_after(text: str, now: datetime) -> float | None:
    """Seconds to wait by a `Retry-After` field: a number or a date; None if it is neither.

    >>> now = datetime(2025, 12, 25, 10, tzinfo=UTC)
    >>> retry_after("7", now), retry_after("-5", now), retry_after("soon", now)
    (7.0, 0.0, None)
    """
    text = text.strip()
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return max(0.0, float(text[:12]))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _receipt(code: int, body: Mapping[str, object], text: bytes, submission: Submission) -> Answer:
    """A receipt is ours only if it names our key and the digest of our bytes; so for a duplicate (409), too."""
    found = body.get("receipt") if code == 409 else body
    fields = found if isinstance(found, dict) else {}
    if fields.get("state") == "rejected":
        return Answer("rejected", f"HTTP {code}", findings=_findings(fields))
    names = ("receipt_id", "received_at", "sha256", "idempotency_key")
    receipt_id, received_at, digest, key = (fields.get(name) for name in names)
    if not all(isinstance(one, str) and one for one in (receipt_id, received_at, digest, key)):
        return Answer("unclear", f"HTTP {code}, no receipt")
    if digest != submission.sha256:
        detail = f"HTTP {code}, receipt {receipt_id} is for other bytes: {digest}"
        # A duplicate of other content: what we have was not taken. Any other wrong receipt says nothing.
        conflict = (_conflict(submission, str(receipt_id)),)
        return Answer("rejected", detail, findings=conflict) if code == 409 else Answer("unclear", detail)
    if key != submission.idempotency_key and code != 409:
        return Answer("unclear", f"HTTP {code}, receipt {receipt_id} is for another key: {key}")
    raw = text.decode("utf-8", "replace")
    return Answer(
        "accepted", f"HTTP {code}", Receipt(str(receipt_id), str(received_at), str(digest), raw), _findings(fields)
    )


def _conflict(submission: Submission, receipt_id: str) -> Finding:
    return Finding(
        "submit.conflict",
        "error",
        f"nơi nhận đã có lần gửi {submission.revision} của báo cáo này với nội dung khác (biên nhận {receipt_id}); "
        "có thể sổ gửi đã bị thay, hoặc nơi nhận đã đổi địa chỉ; hãy đối chiếu với nơi nhận rồi gửi bản sửa đổi",
        f"the receiver already holds revision {submission.revision} with other content (receipt {receipt_id}); "
        "perhaps the ledger was replaced, or the receiver has another address now; compare with the receiver, "
        "then send a correction",
        subject=submission.key.report,
        time_period=submission.key.period,
    )


def _json_object(headers: Mapping[str, str], text: bytes) -> Mapping[str, object] | None:
    if "json" not in headers.get("content-type", "") or len(text) > _LARGEST_ANSWER:
        return None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _findings(body: Mapping[str, object]) -> tuple[Finding, ...]:
    """The receiver's findings, as text only: they are shown, never trusted."""
    listed = body.get("findings")
    made = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            rule, vi, en, subject = (str(one.get(name, ""))[:500] for name in ("rule", "vi", "en", "subject"))
            made.append(Finding(rule or "receiver.finding", "error", vi or en, en or vi, subject=subject))
    return tuple(made)
