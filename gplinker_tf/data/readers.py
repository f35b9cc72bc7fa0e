"""Readers of LIC2019's files; every error names file and line."""

from __future__ import annotations

import difflib
import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Schema, Span, Triple

GZIP_MAGIC = b"\x1f\x8b"


def open_text(path: str | Path) -> Iterator[str]:
    """The lines of a UTF-8 file, plain or gzipped, without their line ends.

    Raises:
        InputError: the file is missing, not UTF-8, or a damaged gzip.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"Expected a file. Received: {path}, which is none. Check the path.")
    with path.open("rb") as raw:
        zipped = raw.read(2) == GZIP_MAGIC
    with gzip.open(path) if zipped else path.open("rb") as file:
        lines = iter(file)
        for number in _count():
            try:
                line = next(lines, None)
                if line is None:
                    return
                # A byte order mark is an editor's, not the text's.
                yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{path}:{number}: expected UTF-8. Received: {error.reason} at byte "
                    f"{error.start + 1} of the line. Convert the file to UTF-8."
                ) from error
            except (EOFError, OSError, zlib.error) as error:
                raise InputError(
                    f"{path}:{number}: expected a whole gzip file. Received: {error}. "
                    "Copy the file again."
                ) from error


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


def read_schema(path: str | Path) -> Schema:
    """The predicates in a file of LIC2019's `all_50_schemas`.

    Each line is a JSON object with `subject_type`, `predicate` and `object_type`.

    Raises:
        InputError: a line is not that, or there is none.
    """
    rows = []
    for place, row in _objects(path):
        predicate = _text_of(row, "predicate", place)
        types = (row.get("subject_type", ""), row.get("object_type", ""))
        rows.append((str(types[0]), predicate, str(types[1])))
    if not rows:
        raise InputError(f"{path}: expected a schema, one predicate a line. Received: no line.")
    return Schema(tuple(rows))


def read_examples(
    path: str | Path, schema: Schema | None = None, limit: int | None = None
) -> list[Example]:
    """The texts of a LIC2019 file with their triples.

    Each line is a JSON object with `text` and `spo_list`, a list of objects with `subject`,
    `predicate` and `object`. Spans and scores, as `gplinker extract` writes them, are read where
    they are given. Empty lines are passed over.

    Args:
        path: the file, plain or gzipped.
        schema: the predicates that are allowed, or `None` for any.
        limit: read the first so many examples only.

    Raises:
        InputError: a line is not that, a predicate is not the schema's, there is no line, or the
            limit is below 1.
    """
    return [example for _, example in read_numbered_examples(path, schema, limit)]


def read_numbered_examples(
    path: str | Path, schema: Schema | None = None, limit: int | None = None
) -> list[tuple[int, Example]]:
    """As `read_examples`, each with the number of its line, from 1."""
    if limit is not None and limit < 1:
        raise InputError(f"Expected a number of lines from 1 on. Received: limit={limit!r}.")
    objects = islice(_objects(path), limit)
    examples = [(place.number, _example(row, place, schema)) for place, row in objects]
    if not examples:
        raise InputError(
            f"{path}: expected one JSON object a line, with text and spo_list. Received: no line."
        )
    return examples


def read_texts(lines: Iterable[str], name: str) -> Iterator[str]:
    """The text of each line: the line itself, or where it is a JSON object its `text`.

    Args:
        lines: the lines.
        name: where they come from, for errors.

    Raises:
        InputError: a line starts with `{` and is no JSON object with a text.

    Example:

    >>> list(read_texts(["周星驰主演", '{"text": "喜剧之王"}', ""], "lines"))
    ['周星驰主演', '喜剧之王', '']
    """
    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\r\n")
        if line.lstrip().startswith("{"):
            place = _Place(name, number)
            yield _text_of(_object(line, place), "text", place)
        else:
            yield line


class _Place:
    """A line of a file, and the error that starts with it."""

    def __init__(self, path: str | Path, number: int) -> None:
        self.path = path
        self.number = number

    def error(self, message: str) -> InputError:
        return InputError(f"{self.path}:{self.number}: {message}")


def _objects(path: str | Path) -> Iterator[tuple[_Place, dict[str, Any]]]:
    for number, line in enumerate(open_text(path), start=1):
        if line.strip():
            place = _Place(path, number)
            yield place, _object(line, place)


def _object(line: str, place: _Place) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        shown = line if len(line) <= 60 else line[:60] + "..."
        raise place.error(
            f"expected a JSON object. Received: {shown!r} ({error}). "
            "The format is one object a line; mend or remove the line."
        ) from error
    if not isinstance(value, dict):
        raise place.error(
            f"expected a JSON object. Received: {type(value).__name__}. "
            'Write {"text": ..., "spo_list": [...]} on each line.'
        )
    return value


def _text_of(row: dict[str, Any], key: str, place: _Place) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        received = "none" if key not in row else repr(value)
        raise place.error(f"expected a string under {key!r}. Received: {received}.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise place.error(
            f"expected Unicode text under {key!r}. Received: half a surrogate pair at character "
            f"{error.start}. Write the character whole, or remove it."
        ) from error
    return value


def _example(row: dict[str, Any], place: _Place, schema: Schema | None) -> Example:
    text = _text_of(row, "text", place)
    spo_list = row.get("spo_list")
    if not isinstance(spo_list, list):
        received = "none" if "spo_list" not in row else type(spo_list).__name__
        raise place.error(
            f"expected a list of triples under 'spo_list'. Received: {received}. "
            "A text without triples has an empty list."
        )
    return Example(text, tuple(_triple(item, place, schema) for item in spo_list))


def _triple(item: Any, place: _Place, schema: Schema | None) -> Triple:
    if not isinstance(item, dict):
        raise place.error(
            "expected a triple as an object with subject, predicate and object. "
            f"Received: {type(item).__name__}."
        )
    predicate = _text_of(item, "predicate", place)
    if schema is not None and predicate not in schema.index:
        near = difflib.get_close_matches(predicate, schema.predicates, n=1)
        hint = f" Is {near[0]!r} meant?" if near else ""
        raise place.error(
            f"expected one of the schema's {len(schema.predicates)} predicates. "
            f"Received: {predicate!r}.{hint} Add it to the schema or mend the line."
        )
    return Triple(
        _span(item, "subject", place),
        predicate,
        _span(item, "object", place),
        _score(item, place),
    )


def _score(item: dict[str, Any], place: _Place) -> float | None:
    score = item.get("score")
    if score is None:
        return None
    # JSON's integers have no bound, and Python reads NaN and Infinity as JSON too.
    if type(score) not in (int, float) or not abs(score) <= sys.float_info.max:
        shown = repr(score) if isinstance(score, (str, float)) else type(score).__name__
        raise place.error(
            f"expected a finite number under 'score'. Received: {shown}. Mend or remove it."
        )
    return float(score)


def _span(item: dict[str, Any], role: str, place: _Place) -> Span:
    text = _text_of(item, role, place)
    offsets = item.get(f"{role}_span")
    if offsets is None:
        return Span(text)
    if not (isinstance(offsets, list) and list(map(type, offsets)) == [int, int]):
        raise place.error(f"expected [start, end] under '{role}_span'. Received: {offsets!r}.")
    return Span(text, *offsets)
