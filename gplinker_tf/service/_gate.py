"""Middleware that checks the token and the size of each request, and measures its time."""

from __future__ import annotations

import hmac
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gplinker_tf.service._metrics import Metrics
from gplinker_tf.service._refusal import Refusal

#: Paths that need no token: the state of the service, and the page, which asks for the token.
OPEN = frozenset(["/", "/page.css", "/page.js", "/words.js", "/health", "/ready", "/openapi.json"])

#: Paths with their own counters; all others share one, since there may be any number of them.
COUNTED = OPEN | {"/extract", "/draw", "/runs", "/metrics"}


class Gate:
    """ASGI middleware that checks and counts requests.

    Args:
        app: the application.
        token: the bearer token that clients must send; `None` if none is needed.
        max_body: the maximum size of a request in bytes.
        metrics: the counters of requests.
    """

    def __init__(self, app: ASGIApp, token: str | None, max_body: int, metrics: Metrics) -> None:
        self._app, self._max_body, self._counters = app, max_body, metrics
        self._expected = None if token is None else f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"] if scope["path"] in COUNTED else "other"
        started = time.perf_counter()

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._counters.requests.labels(path, str(message["status"])).inc()
            await send(message)

        try:
            self._check_headers(scope)
            await self._app(scope, self._limited(receive), counting)
        except Refusal as refusal:
            await refusal.answer()(scope, receive, counting)
        except Exception:
            self._counters.requests.labels(path, "500").inc()  # answered above this middleware
            raise
        finally:
            self._counters.seconds.labels(path).observe(time.perf_counter() - started)

    def _check_headers(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        if self._expected is not None and scope["path"] not in OPEN:
            given = headers.get(b"authorization", b"")
            if not hmac.compare_digest(given, self._expected):
                raise Refusal(
                    401,
                    "unauthorized",
                    "Expected the header 'Authorization: Bearer TOKEN' with the token of this "
                    "service. Received: " + ("another one." if given else "no such header."),
                    {"WWW-Authenticate": "Bearer"},
                )
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._max_body:
            raise self._too_large()

    def _limited(self, receive: Receive) -> Receive:
        """Limit the size of a body that comes in chunks; no header states it."""
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body:
                raise self._too_large()
            return message

        return limited

    def _too_large(self) -> Refusal:
        return Refusal(
            413,
            "body_too_large",
            f"Expected at most {self._max_body:,} bytes. Received: more. "
            "Send the texts in several requests.",
            {"Connection": "close"},
        )
