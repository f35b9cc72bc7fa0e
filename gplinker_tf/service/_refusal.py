"""What a client is told when the service refuses a request or a text."""

from __future__ import annotations

import json
from typing import Any

from fastapi import HTTPException
from fastapi.responses import Response


class Refusal(HTTPException):
    """An error that is safe to show to a client: no path, no trace, no text of another client.

    Args:
        status: the HTTP status, where the whole request is refused.
        code: a name that programs can rely on.
        message: what was expected, what was received, and the way out.
        headers: further headers of the answer.
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
        """The error as the answer to a request."""
        return json_answer(self.content, self.status_code, self.headers)


def queue_full(waiting: int, seconds: int) -> Refusal:
    return Refusal(
        503,
        "queue_full",
        f"Expected room in the queue. Received: {waiting} texts that are waiting already. "
        f"Try again in {seconds} s.",
        {"Retry-After": str(seconds)},
    )


def not_scored() -> Refusal:
    return Refusal(
        500,
        "not_scored",
        "Expected a text that the model can score. Received: one for which it failed. "
        "The log of the service has the kind of error.",
    )


def json_answer(content: Any, status: int = 200, headers: Any = None) -> Response:
    """JSON without escaped Chinese and without spaces."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(), status, headers, "application/json")
