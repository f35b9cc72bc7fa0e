"""The ASGI application and its endpoints."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException as StarletteHTTPException

import gplinker_tf
from gplinker_tf.data.writers.json_lines import JsonLinesOutput
from gplinker_tf.service._answering import Answering
from gplinker_tf.service._batcher import Outcome
from gplinker_tf.service._checks import not_json, refusal_of
from gplinker_tf.service._gate import Gate
from gplinker_tf.service._messages import (
    REFUSALS,
    ExtractedText,
    ExtractedTexts,
    ExtractRequest,
)
from gplinker_tf.service._metrics import Metrics
from gplinker_tf.service._refusal import Refusal, json_answer
from gplinker_tf.service.options import ServiceOptions
from gplinker_tf.service.served_run import ServedRun
from gplinker_tf.structures import Extraction

PAGE = Path(__file__).parent / "page"

PAGE_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
}

#: The page loads nothing from elsewhere; the drawings have inline styles.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}

ROWS = JsonLinesOutput()


def create_app(
    runs: Sequence[ServedRun],
    options: ServiceOptions | None = None,
    token: str | None = None,
) -> FastAPI:
    """Create the service as an ASGI application, for any ASGI server.

    Args:
        runs: the runs; the first is the default.
        options: the limits.
        token: the bearer token that clients must send; `None` if none is needed.

    Returns:
        The application. `app.state.ready` tells whether it accepts requests.

    Example, with a run folder that `gplinker train` wrote, as `films.py` for `uvicorn films:app`:

        app = create_app([ServedRun.from_folder("films", Path("run"))])
    """
    options, metrics = options or ServiceOptions(), Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.answering = Answering(runs, options, metrics)
        app.state.ready = True
        yield
        await app.state.answering.close()

    app = FastAPI(
        title="gplinker",
        version=gplinker_tf.__version__,
        description="Extracts relational triples from texts.",
        lifespan=lifespan,
        docs_url=None,  # its scripts come from another host
        redoc_url=None,
    )
    app.state.ready = False
    app.add_middleware(Gate, token=token, max_body=options.max_body, metrics=metrics)
    _add_error_answers(app)
    _add_extraction(app)
    _add_state(app, runs, options, metrics)
    _add_page(app)
    return app


def _add_extraction(app: FastAPI) -> None:
    @app.post(
        "/extract",
        summary="Extract triples",
        response_model=ExtractedText | ExtractedTexts,
        responses=REFUSALS,
    )
    async def extract(request: ExtractRequest) -> Response:
        """One text gives one result. Several give `results`, with errors for invalid texts."""
        outcomes = await app.state.answering.outcomes(request)
        if request.texts is None:
            return json_answer(ROWS.row(_extracted(outcomes)))
        return json_answer({"results": [_result(outcome) for outcome in outcomes]})

    @app.post("/draw", include_in_schema=False)
    async def draw(request: ExtractRequest) -> Response:
        """Return what the page shows for one text."""
        extraction = _extracted(await app.state.answering.outcomes(request))
        return json_answer(await run_in_threadpool(_drawn, extraction))


def _add_state(
    app: FastAPI, runs: Sequence[ServedRun], options: ServiceOptions, metrics: Metrics
) -> None:
    @app.get("/health", summary="Whether the process answers")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready", summary="Whether it accepts requests", responses={503: REFUSALS[503]})
    async def ready() -> dict[str, str]:
        if not app.state.ready:
            raise Refusal(
                503, "stopping", "The service is stopping. Try again.", {"Retry-After": "5"}
            )
        return {"status": "ready"}

    @app.get("/runs", summary="The runs, the default first, and their predicates")
    async def list_runs() -> dict[str, Any]:
        return {"runs": [run.facts for run in runs], "lowest_threshold": options.lowest_threshold}

    @app.get("/metrics", summary="Counters for Prometheus", response_class=Response)
    async def show_metrics() -> Response:
        return Response(metrics.page(), media_type=CONTENT_TYPE_LATEST)


def _add_page(app: FastAPI) -> None:
    def add(path: str, name: str, media_type: str) -> None:
        content = (PAGE / name).read_bytes()

        @app.get(path, include_in_schema=False)
        async def page() -> Response:
            return Response(content, headers=PAGE_HEADERS, media_type=media_type)

    for path, file in PAGE_FILES.items():
        add(path, *file)


def _add_error_answers(app: FastAPI) -> None:
    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        if isinstance(error, Refusal):
            return error.answer()
        if error.status_code == 400:
            return not_json().answer()
        code = str(error.detail).lower().replace(" ", "_")
        message = f"{error.detail}. GET /openapi.json describes this service."
        headers = dict(error.headers or {})
        return Refusal(error.status_code, code, message, headers).answer()

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return refusal_of(error.errors()[0]).answer()

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        message = "The service failed. See its log for the error."
        return Refusal(500, "internal_error", message).answer()


def _extracted(outcomes: Sequence[Outcome]) -> Extraction:
    """Return the result of a request for one text, or raise its error."""
    [outcome] = outcomes
    if isinstance(outcome, HTTPException):
        raise outcome
    return outcome


def _result(outcome: Outcome) -> dict[str, Any]:
    return outcome.content if isinstance(outcome, Refusal) else ROWS.row(outcome)


def _drawn(extraction: Extraction) -> dict[str, Any]:
    from gplinker_tf.visualization import show_graph, show_triples

    return {
        "result": ROWS.row(extraction),
        "triples": show_triples(extraction).html,
        "graph": show_graph(extraction).html,
    }
