"""A reader of the files that `write_predictions` writes; errors name the file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gplinker_tf.data import span_fault
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Extraction, Span, Triple

#: How to fix a damaged file.
WAY_OUT = "Write it again: gplinker evaluate RUN --data FILE"


def read_predictions(path: str | Path) -> tuple[list[Example], list[Extraction]]:
    """Return the annotated texts of a `dev_pred.json`, and what was found in them.

    The original script's files only contain words: spans have no offsets and triples no scores.

    Args:
        path: a file that `write_predictions` or the original script wrote.

    Raises:
        InputError: the file does not exist, or it is damaged.

    Example:

    >>> import tempfile
    >>> from gplinker_tf.runs import write_predictions
    >>> gold = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> path = Path(tempfile.mkdtemp()) / "dev_pred.json"
    >>> write_predictions(path, [Example("…", (gold,))], [Extraction("…")], list)
    >>> read_predictions(path)[0][0].triples == (gold,)
    True
    """
    path = Path(path)
    text = _content(path)
    examples, extractions = [], []
    start = _next_object(text, 0)
    while start < len(text):
        row, end = _object(path, text, start)
        try:
            source = _words(row["text"])
            examples.append(Example(source, _triples(row["spo_list"])))
            found = _triples(row["spo_list_pred"])
            if "places" in row:
                placed = zip(found, row["places"], strict=True)
                found = tuple(_placed(source, *pair) for pair in placed)
            left_out = int(_number(row.get("left_out", 0)))
            removed = _triples(row.get("removed", []))
            extractions.append(Extraction(source, found, left_out=left_out, removed=removed))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}:{_line(text, start)}: expected text, spo_list and spo_list_pred, lists of "
                f"[subject, predicate, object]. Received: {type(error).__name__}: {error}. "
                f"{WAY_OUT}"
            ) from error
        start = _next_object(text, end)
    if not examples:
        raise InputError(f"{path}: expected one JSON object per text. Received: none. {WAY_OUT}")
    return examples, extractions


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"Expected the predictions of a run. Received: {path} ({error.strerror}). {WAY_OUT}"
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}:{line}: expected UTF-8. Received: {error.reason}. {WAY_OUT}"
        ) from error


def _next_object(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _object(path: Path, text: str, start: int) -> tuple[dict[str, Any], int]:
    try:
        row, end = json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}:{error.lineno}: expected JSON objects. Received: {error.msg} at column "
            f"{error.colno}. {WAY_OUT}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path}:{_line(text, start)}: expected JSON objects. Received: {error}. {WAY_OUT}"
        ) from error
    return row, end


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _triples(rows: Any) -> tuple[Triple, ...]:
    return tuple(map(_triple, rows))


def _triple(row: Any) -> Triple:
    if not isinstance(row, list):
        raise TypeError(f"{type(row).__name__} in place of a list")
    subject, predicate, object_ = map(_words, row)
    return Triple(Span(subject), predicate, Span(object_))


def _placed(text: str, triple: Triple, place: Any) -> Triple:
    """Return the triple with the spans, score and probability of its entry in `places`."""
    subject, object_ = (
        _span(text, span.text, place[key])
        for span, key in ((triple.subject, "subject_span"), (triple.object, "object_span"))
    )
    score, probability = _number(place["score"]), _number(place.get("probability"))
    return Triple(subject, triple.predicate, object_, score, probability=probability)


def _span(text: str, word: str, offsets: Any) -> Span:
    start, end = map(_number, offsets)
    span = Span(word, start, end)
    if start is not None and (fault := span_fault(text, span)):
        raise ValueError(fault)
    return span


def _number(value: Any) -> Any:
    if not isinstance(value, int | float | None):
        raise TypeError(f"{type(value).__name__} in place of a number")
    return value


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} in place of a string")
    value.encode("utf-8")  # fails on half a surrogate pair
    return value
