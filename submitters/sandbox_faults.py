"""Faults that the sandbox can show, for training and tests: each happens once, in the order they were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

FAULTS = (
    "503", "429", "html", "drop", "accept-then-drop", "accept-then-500", "accept-then-html", "accept-slowly",
    "wrong-digest", "status-503", "status-html",
)  # fmt: skip
"""503, 429, html, drop: nothing is taken. accept-…: it is taken, and the answer is lost. status-…: a question fails."""


class Cut(Response):
    """An answer that is cut off: the connection ends before the body that was promised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head only."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


@dataclass
class Faults:
    """The faults that are still to happen.

    Attributes:
        waiting: Names of `FAULTS`, first one first.
        seconds: How slow `accept-slowly` is.
    """

    waiting: Sequence[str] = ()
    seconds: float = 5.0
    _left: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._left = list(self.waiting)

    def take(self, question: bool) -> str:
        """The fault of this request, or empty: `status-…` ones are for questions, the others for payloads."""
        if self._left and self._left[0].startswith("status-") == question:
            return self._left.pop(0)
        return ""


def refusal(fault: str) -> Response | None:
    """The answer of a fault in which nothing is taken, or None."""
    match fault.removeprefix("status-"):
        case "503":
            return JSONResponse({"error": "busy"}, 503, {"Retry-After": "0"})
        case "429":
            return JSONResponse({"error": "too many"}, 429, {"Retry-After": "1"})
        case "html":
            return HTMLResponse("<html><body>Cổng bảo mật: xin đăng nhập</body></html>")
        case "drop":
            return Cut()
    return None


def lost_answer(fault: str) -> Response | None:
    """The answer of a fault in which the payload was taken but its receipt is lost, or None."""
    match fault:
        case "accept-then-drop":
            return Cut()
        case "accept-then-500":
            return JSONResponse({"error": "internal"}, 500)
        case "accept-then-html":
            return HTMLResponse("<html><body>OK</body></html>")
    return None
