"""The sandbox: a stand-in receiver for tests and training, a real HTTP server that checks what it is sent.

It is chitieu's own idea of a receiver. It is not the National Reporting System and speaks for no authority.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import socket
import uuid
from dataclasses import asdict
from hashlib import sha256

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from indicators.catalog import Catalog
from indicators.findings import ChitieuError, DataFault, Finding
from submitters.documents import read_document
from submitters.render import environment
from submitters.report_rules import check_document
from submitters.sandbox_faults import Faults, lost_answer, refusal
from submitters.sandbox_store import Accepted, Store

LARGEST_PAYLOAD = 50_000_000


class Sandbox:
    """The receiver's requests.

    - `POST /submissions` with `Idempotency-Key` and `Chitieu-Revision`: 201 and a receipt; 200 and the same receipt for
      the same key and bytes; 409 and the held receipt for a revision that is not newer; 422 and findings.
    - `GET /submissions/KEY`: the receipt, or 404 and `known: false`.
    - `GET /`: a page of what was received.
    """

    def __init__(self, catalog: Catalog, store: Store, token: str = "", faults: Faults | None = None) -> None:
        self._catalog = catalog
        self._store = store
        self._token = token
        self._faults = faults or Faults()
        self.app = Starlette(
            routes=[
                Route("/", self.page),
                Route("/submissions", self.submit, methods=["POST"]),
                Route("/submissions/{key}", self.status),
                Route("/submissions/{key}/payload", self.payload),
            ]
        )

    async def submit(self, request: Request) -> Response:
        """Take a payload, once."""
        answer, said = await self._submit(request)
        self._store.log("POST", "/submissions", said)
        return answer

    async def status(self, request: Request) -> Response:
        """Say what became of a key."""
        key = request.path_params["key"]
        held, fault = self._store.by_key(key), self._faults.take(question=True)
        answer = refusal(fault)
        said = fault
        if answer is None and not self._may(request):
            answer, said = _denied(), "401"
        elif answer is None and held is None:
            answer, said = JSONResponse({"known": False, "idempotency_key": key}, 404), "not known"
        elif answer is None and held is not None:
            answer, said = JSONResponse(held.receipt()), held.receipt_id
        self._store.log("GET", "/submissions/KEY", said)
        return answer or Response(status_code=500)

    async def payload(self, request: Request) -> Response:
        """A payload as it came, for people."""
        content = self._store.payload(request.path_params["key"])
        return Response(content, media_type="application/json") if content is not None else Response(status_code=404)

    async def page(self, _: Request) -> Response:
        """What was received, for people."""
        template = environment().get_template("sandbox.html.j2")
        accepted = self._store.accepted()
        newest = {(one.report, one.period, one.unit): one.revision for one in reversed(accepted)}
        return HTMLResponse(template.render(accepted=accepted, newest=newest, rejected=self._store.rejected()))

    async def _submit(self, request: Request) -> tuple[Response, str]:
        body = await _body(request)
        fault = self._faults.take(question=False)
        refused = refusal(fault)
        if refused is not None:
            return refused, fault
        if not self._may(request):
            return _denied(), "401"
        digest = sha256(body or b"").hexdigest()
        try:
            if body is None:
                raise DataFault(_too_large())
            held, code = self._take(request, body, digest)
        except ChitieuError as error:
            key = request.headers.get("idempotency-key", "")
            self._store.reject(key, digest, list(error.findings))
            listed = [asdict(finding) for finding in error.findings]
            return JSONResponse({"state": "rejected", "sha256": digest, "findings": listed}, 422), "rejected"
        if fault == "accept-slowly":
            await asyncio.sleep(self._faults.seconds)
        receipt = held.receipt() | ({"sha256": "0" * 64} if fault == "wrong-digest" else {})
        answer = JSONResponse({"receipt": receipt} if code == 409 else receipt, code)
        return lost_answer(fault) or answer, f"{code} {fault}".strip()

    def _take(self, request: Request, body: bytes, digest: str) -> tuple[Accepted, int]:
        """Check a payload and keep it.

        Raises:
            DataFault: It is rejected, with findings.
        """
        key, revision = _envelope(request, body)
        held = self._store.by_key(key)
        if held is not None:
            if held.sha256 != digest:
                raise DataFault(_other_bytes(key))
            return held, 200
        document = read_document(body)
        broken = check_document(document, self._catalog)
        if broken:
            raise DataFault(broken)
        about = _about(document)
        latest = self._store.latest(*about)
        if latest is not None and revision <= latest.revision:
            return latest, 409
        return self._store.accept(key, digest, about, revision, body), 201

    def _may(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return not self._token or hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())


def serve(sandbox: Sandbox, listening: socket.socket) -> None:
    """Answer requests on a socket until the process is told to stop."""
    config = uvicorn.Config(sandbox.app, log_level="critical", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])


def listen(port: int) -> tuple[socket.socket, str]:
    """A socket of this machine only, already listening, and its address.

    Args:
        port: 0 takes a free one.
    """
    made = socket.create_server(("127.0.0.1", port))
    return made, f"http://127.0.0.1:{made.getsockname()[1]}"


async def _body(request: Request) -> bytes | None:
    """The body, or None if it is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_PAYLOAD:
            return None
    return bytes(body)


def _envelope(request: Request, body: bytes) -> tuple[str, int]:
    key, revision = (request.headers.get(name, "") for name in ("idempotency-key", "chitieu-revision"))
    digest = "sha-256=:" + base64.b64encode(sha256(body).digest()).decode() + ":"
    problems = []
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        problems.append(("Content-Type", "application/json"))
    if not _is_uuid(key):
        problems.append(("Idempotency-Key", "UUID"))
    if not (revision.isascii() and revision.isdigit() and int(revision[:9]) > 0):
        problems.append(("Chitieu-Revision", "1, 2, ..."))
    if request.headers.get("content-digest", digest) != digest:
        problems.append(("Content-Digest", digest))
    if problems:
        raise DataFault(
            Finding("receiver.envelope", "error", f"{name}: cần {wanted}", f"{name}: {wanted} is needed", subject=name)
            for name, wanted in problems
        )
    return key, int(revision)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _about(document: object) -> tuple[str, str, str]:
    fields: dict[str, dict[str, str]] = document  # type: ignore[assignment]  # the schema has accepted it
    return fields["report"]["id"], fields["period"]["id"], fields["reporter"]["code"]


def _denied() -> Response:
    return JSONResponse({"error": "token"}, 401, {"WWW-Authenticate": "Bearer"})


def _too_large() -> Finding:
    limit = f"{LARGEST_PAYLOAD:,}"
    return Finding("receiver.size", "error", f"nội dung lớn hơn {limit} byte", f"it is larger than {limit} bytes")


def _other_bytes(key: str) -> Finding:
    return Finding(
        "receiver.key-reused",
        "error",
        f"khoá {key} đã dùng cho nội dung khác; bản sửa đổi phải có khoá mới",
        f"key {key} was used for other content; a correction needs a new key",
        subject=key,
    )
