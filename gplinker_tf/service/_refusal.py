"""The errors that clients get when the service refuses a request or a text."""

from __future__ import annotations

import json
from typing import Any

from fastapi import HTTPException
from fastapi.responses import Response


class Refusal(HTTPException):
    """An error that is safe to show to clients: no path, no traceback, no other client's text.

    Args:
        status: the HTTP status, used if the whole request is refused.
        code: a name that programs can rely on.
        message: what was expected, what was received, and what to do.
        headers: additional headers of the response.
    """

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, message, headers)
        self.code = code

    @property
    def content(self) -> dict[str, Any]:
        """The error as JSON."""
        return {"error": {"code": self.code, "message": self.detail}}

    def answer(self) -> Response:
        """Return the error as the response to a request."""
        return json_answer(self.content, self.status_code, self.headers)


def queue_full(waiting: int, seconds: int) -> Refusal:
    return Refusal(
        503,
        "queue_full",
        f"Expected room in the queue. Received: {waiting} texts that are already waiting. "
        f"Try again in {seconds} s.",
        {"Retry-After": str(seconds)},
    )


def not_scored() -> Refusal:
    return Refusal(
        500,
        "not_scored",
        "Expected a text that the model can score. Received: one on which it failed. "
        "See the log of the service for the type of error.",
    )


def json_answer(content: Any, status: int = 200, headers: Any = None) -> Response:
    """Return a JSON response, without escaping Chinese and without spaces."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(), status, headers, "application/json")
