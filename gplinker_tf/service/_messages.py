"""The messages that clients send and receive, as the OpenAPI description shows them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

TEXT = "《喜剧之王》由周星驰主演"

FOUND: dict[str, Any] = {
    "text": TEXT,
    "spo_list": [
        {
            "subject": "喜剧之王",
            "predicate": "主演",
            "object": "周星驰",
            "subject_type": "影视作品",
            "object_type": "人物",
            "subject_span": [1, 5],
            "object_span": [7, 10],
            "score": 21.5,
        }
    ],
}

FAILED: dict[str, Any] = {
    "error": {"code": "text_not_a_string", "message": "Expected a string. Received: a number."}
}

STRINGS = {"type": "array", "items": {"type": "string"}}


class ExtractRequest(BaseModel):
    """One text or many, and how to extract from them."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"text": TEXT},
                {"texts": [TEXT, "许美静出生于新加坡"], "threshold": 0.5, "predicates": ["主演"]},
            ]
        },
    )

    text: Annotated[str | None, Field(description="One text.")] = None
    texts: Annotated[
        list[Any] | None,
        WithJsonSchema(STRINGS),
        Field(description="Several texts, instead of `text`."),
    ] = None
    run: Annotated[
        str | None, Field(description="Name of the run; the first one if not given.")
    ] = None
    threshold: Annotated[
        float | None,
        Field(
            allow_inf_nan=False,
            description="Value that each score of a triple must exceed; if not given, the run's.",
        ),
    ] = None
    predicates: Annotated[
        list[str] | None, Field(description="Predicates to find; all if not given.")
    ] = None


#: The values that each field of a request accepts, for error messages.
EXPECTED = {
    "text": "a string",
    "texts": "an array of strings",
    "run": "a string",
    "threshold": "a finite number",
    "predicates": "an array of strings",
}


class FoundTriple(BaseModel):
    """A triple; spans are half-open character offsets."""

    subject: str
    predicate: str
    object: str
    subject_type: str = ""
    object_type: str = ""
    subject_span: tuple[int, int]
    object_span: tuple[int, int]
    score: float
    probability: float | None = None
    mentions: list[dict[str, Any]] = []


class ExtractedText(BaseModel):
    """A text with its triples: the line that `gplinker extract` writes."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOUND]})

    text: str
    spo_list: list[FoundTriple]
    truncated: bool = False
    capped: bool = False
    left_out: int = 0


class ErrorDetail(BaseModel):
    """A description of an error: a code for programs and a message for people."""

    code: str
    message: str


class ErrorAnswer(BaseModel):
    """An error in a whole request or in one text."""

    model_config = ConfigDict(json_schema_extra={"examples": [FAILED]})

    error: ErrorDetail


class ExtractedTexts(BaseModel):
    """A result for each text of the request, in the same order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"results": [FOUND, FAILED]}]})

    results: list[ExtractedText | ErrorAnswer]


#: Why a request to `/extract` is refused.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": description}
    for status, description in {
        400: "The body is not JSON in UTF-8.",
        401: "The token is missing or wrong.",
        404: "There is no run with this name.",
        413: "The body, the number of texts or a text is too large.",
        422: "A field is unknown, or its value is not valid.",
        503: "The queue is full, or the service is stopping: try again after Retry-After seconds.",
    }.items()
}
