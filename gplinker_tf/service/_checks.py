"""Checks of a request and of its texts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from gplinker_tf._reprs import shortened
from gplinker_tf.service._messages import EXPECTED, ExtractRequest
from gplinker_tf.service._refusal import Refusal
from gplinker_tf.service.options import ServiceOptions

#: Control characters other than whitespace: a sign of binary data.
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")

SURROGATE = re.compile("[\ud800-\udfff]")

#: JSON's names for types of values; `bool` is before `int`, since it is one in Python.
KINDS = {
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


def refusal_of(problem: dict[str, Any]) -> Refusal:
    """Return the refusal for a problem that pydantic found in a body."""
    kind, (_, *place) = problem["type"], problem["loc"]
    if kind == "json_invalid":
        return not_json()
    if not place:
        return Refusal(
            422,
            "not_an_object",
            'Expected a JSON object such as {"text": "..."}, sent as application/json. '
            "Received: something else.",
        )
    name = place[0]
    if kind == "extra_forbidden":
        known = ", ".join(EXPECTED)
        return Refusal(
            422, "unknown_field", f"Expected fields among {known}. Received: {shortened(name)}."
        )
    return Refusal(
        422,
        "invalid_field",
        f"Expected {name} to be {EXPECTED[name]}. Received: {kind_of(problem['input'])}.",
    )


def kind_of(value: Any) -> str:
    """Describe the type of a JSON value; the value itself may be long and deep."""
    if isinstance(value, float) and not math.isfinite(value):
        return "infinity or NaN"
    return next(words for kind, words in KINDS.items() if isinstance(value, kind))


def not_json() -> Refusal:
    return Refusal(400, "not_json", "Expected a body of JSON in UTF-8. Received: something else.")


def texts_of(request: ExtractRequest, options: ServiceOptions) -> Sequence[Any]:
    """Return the texts of a request; the texts themselves are not checked.

    Raises:
        Refusal: the request as a whole is not valid.
    """
    if (request.text is None) == (request.texts is None):
        received = "neither" if request.text is None else "both"
        raise Refusal(422, "one_of_text_texts", f"Expected text or texts. Received: {received}.")
    threshold, lowest = request.threshold, options.lowest_threshold
    if threshold is not None and threshold < lowest:
        raise Refusal(
            422,
            "threshold_too_low",
            f"Expected a threshold of at least {lowest:g}. Received: {threshold:g}.",
        )
    texts = [request.text] if request.texts is None else request.texts
    if len(texts) > options.max_texts:
        raise Refusal(
            413,
            "too_many_texts",
            f"Expected at most {options.max_texts:,} texts. Received: {len(texts):,}. "
            "Send several requests.",
        )
    return texts


def check_predicates(asked: Sequence[str] | None, known: Sequence[str]) -> None:
    """Raise a refusal unless the run knows all predicates that a request asks for."""
    for predicate in asked or ():
        if predicate not in known:
            raise Refusal(
                422,
                "unknown_predicate",
                f"Expected predicates of the run. Received: {shortened(predicate)}. "
                "GET /runs lists them.",
            )


def fault_of(text: Any, max_characters: int) -> Refusal | None:
    """Return why a text can't be processed, or `None`."""
    if not isinstance(text, str):
        return Refusal(422, "text_not_a_string", f"Expected a string. Received: {kind_of(text)}.")
    if len(text) > max_characters:
        return Refusal(
            413,
            "text_too_long",
            f"Expected at most {max_characters:,} characters. Received: {len(text):,}. "
            "Send the text in several parts.",
        )
    if found := SURROGATE.search(text):
        return Refusal(
            422,
            "invalid_unicode",
            f"Expected valid Unicode. Received: an unpaired surrogate at {found.start()}.",
        )
    if found := CONTROL.search(text):
        return Refusal(
            422,
            "control_character",
            f"Expected text. Received: the control character {found.group()!r} at "
            f"{found.start()}. Remove such characters, or check that this is not binary data.",
        )
    return None
