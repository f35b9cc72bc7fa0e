"""Access to values of JSON objects, with an error if a value has the wrong type."""

from __future__ import annotations

import json
from typing import Any

from gplinker_tf.data.formats.place import Place


def json_object(line: str, place: Place) -> dict[str, Any]:
    """Parse a line as a JSON object."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        if line.strip() == "{":
            raise place.error(
                "expected a JSON object on one line. Received: '{', the start of one on several "
                "lines. Put each object on one line: jq -c . FILE > NEW"
            ) from error
        shown = line if len(line) <= 60 else line[:60] + "..."
        raise place.error(
            f"expected a JSON object. Received: {shown!r} ({error}). Fix or remove the line."
        ) from error
    if not isinstance(value, dict):
        raise place.error(
            f"expected a JSON object. Received: {type(value).__name__}. "
            'Write {"text": ..., "spo_list": [...]} on each line.'
        )
    return value


def text_of(row: dict[str, Any], key: str, place: Place) -> str:
    """Return the string under a key, which must exist and be valid Unicode."""
    value = row.get(key)
    if not isinstance(value, str):
        received = "none" if key not in row else f"{value!r:.60}"
        raise place.error(f"expected a string under {key!r}. Received: {received}.")
    return expect_unicode(value, f"under {key!r}", place)


def expect_unicode(value: str, where: str, place: Place) -> str:
    """Return the string, which must be valid Unicode."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise place.error(
            f"expected Unicode text {where}. Received: an unpaired surrogate at character "
            f"{error.start}. Write the complete character, or remove it."
        ) from error
    return value


def type_of(row: dict[str, Any], key: str, place: Place) -> str:
    """Return the type under a key, or "" if there is none."""
    return "" if row.get(key) is None else text_of(row, key, place)


def list_of(row: dict[str, Any], key: str, place: Place) -> list[Any]:
    """Return the list under a key, which must exist."""
    value = row.get(key)
    if not isinstance(value, list):
        received = "none" if key not in row else type(value).__name__
        raise place.error(f"expected a list under {key!r}. Received: {received}.")
    return value


def objects_of(row: dict[str, Any], key: str, place: Place) -> list[dict[str, Any]]:
    """Return the list of objects under a key, which must exist."""
    for value in (found := list_of(row, key, place)):
        if not isinstance(value, dict):
            raise place.error(f"expected objects in {key!r}. Received: {value!r:.60}.")
    return found


def object_of(row: dict[str, Any], key: str, place: Place) -> dict[str, Any]:
    """Return the object under a key, which must exist."""
    value = row.get(key)
    if not isinstance(value, dict):
        received = "none" if key not in row else f"{value!r:.60}"
        raise place.error(f"expected an object under {key!r}. Received: {received}.")
    return value


def offsets_in(row: dict[str, Any], key: str, place: Place) -> tuple[int, int]:
    """Return the pair of integers under a key, which must exist."""
    value = row.get(key)
    if not (isinstance(value, list) and list(map(type, value)) == [int, int]):
        raise place.error(f"expected [start, end] under {key!r}. Received: {value!r:.60}.")
    return value[0], value[1]


def number_of(row: dict[str, Any], key: str, place: Place) -> int:
    """Return the integer under a key, which must exist."""
    value = row.get(key)
    if type(value) is not int:
        received = "none" if key not in row else f"{value!r:.60}"
        raise place.error(f"expected a whole number under {key!r}. Received: {received}.")
    return value
