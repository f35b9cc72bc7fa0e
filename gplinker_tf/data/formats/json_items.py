"""JSON objects in a file: one per line, or the items of one array."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.json_values import json_object
from gplinker_tf.data.formats.place import STDIN, Place
from gplinker_tf.errors import InputError

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput

#: The location where an object begins, and the object.
Item = tuple[Place, dict[str, Any]]

#: The suffixes of files that may be JSON.
JSON_SUFFIXES = (".jsonl", ".json", ".ndjson")

#: The beginning of an array of objects on one line.
ARRAY = re.compile(r"\s*\[\s*(\{\s*(\"|\}|$)|\]?\s*$)")

#: The number of lines that are searched for the first object.
LOOKED_AT = 10

ARRAY_START = re.compile(r"\s*\[\s*(\]?)")
SEPARATOR = re.compile(r"\s*([,\]])\s*")


def is_array(source: TextInput) -> bool:
    """Return whether an input begins like an array of objects."""
    if not ARRAY.match(source.first_line):
        return False
    # If the first line is only a bracket, the next line must begin an object or end the array.
    alone = source.first_line.strip() == "["
    return not alone or source.second_line.lstrip().startswith(("{", "]"))


def first_object(source: TextInput) -> dict[str, Any] | None:
    """Return the first object of an input, by which formats are recognized, or `None`."""
    if not is_array(source):
        return _object_on_a_line(source)
    wanted, seen, found = 2, 0, None
    while found is None:
        lines = source.beginning(wanted)
        if len(lines) == seen:
            break
        text = "".join(lines)
        start = ARRAY_START.match(text)
        found = _object_at(text, start.end()) if start else None
        # Doubled, so that long items are not parsed again for each line.
        seen, wanted = len(lines), 2 * wanted
    return found


def json_items(source: TextInput) -> Iterator[Item]:
    """Return the objects of an input, which are the items of an array or on separate lines.

    Raises:
        InputError: the array is broken.
    """
    return array_items(source) if is_array(source) else line_items(source)


def line_items(source: TextInput) -> Iterator[Item]:
    """Return the objects on the lines; blank lines are skipped."""
    lines = (numbered for numbered in source.numbered_lines() if numbered[1].strip())
    return source.read_each(lines, _line_item)


def array_items(source: TextInput) -> Iterator[Item]:
    """Yield the items of one array; an error in the file is raised after the items before it."""
    text, damage = _whole(source)
    decoder, counted, number, before = json.JSONDecoder(), 0, 1, 0
    start = ARRAY_START.match(text)
    if start is None:
        raise damage or Place(source.path, 1).error(
            f"expected a JSON array, [...]. Received: {source.first_line[:60]!r}. Name its "
            "actual format, or convert the file."
        )
    position, ended, index = start.end(), start[1] == "]", 0
    while not ended:
        number += text.count("\n", counted, position)
        counted, index = position, index + 1
        place = Place(source.path, number, index if number == before else None)
        before = number
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            raise damage or _broken(source, error, number) from error
        if isinstance(value, dict):
            yield place, value
        else:
            source.set_aside(
                place.error(
                    f"expected the items of the array to be JSON objects. Received: {value!r:.60}."
                )
            )
        separator = SEPARATOR.match(text, position)
        if separator is None:
            number += text.count("\n", counted, position)
            received = text[position : position + 20].strip() or "the end of the file"
            raise damage or Place(source.path, number).error(
                f"expected a comma, or ] at the end of the array. Received: {received!r}. "
                "The file is cut short or damaged; copy it again, or fix the line."
            )
        position, ended = separator.end(), separator[1] == "]"
    if damage is not None:
        raise damage
    if text[position:].strip():
        number += text.count("\n", counted, position)
        raise Place(source.path, number).error(
            f"expected nothing after the array. Received: {text[position : position + 20]!r}. "
            "Remove it, or write one object per line."
        )


def _line_item(numbered: tuple[Place, str]) -> Item:
    place, line = numbered
    return place, json_object(line.rstrip("\r\n"), place)


def _object_on_a_line(source: TextInput) -> dict[str, Any] | None:
    found = _object_at(source.first_line, 0)
    if found is not None or not source.first_line.startswith("{") or str(source.path) == STDIN:
        return found
    # The first line may be damaged. Standard input is excluded: later lines may not have arrived.
    after = (_object_at(line, 0) for line in source.beginning(LOOKED_AT) if line.strip())
    return next((row for row in after if row is not None), None)


def _object_at(text: str, position: int) -> dict[str, Any] | None:
    try:
        value, _ = json.JSONDecoder().raw_decode(text.rstrip(), position)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _whole(source: TextInput) -> tuple[str, InputError | None]:
    """Return all text up to an error, and the error, so that the items before it can be read."""
    lines: list[str] = []
    try:
        for line in source.lines():
            lines.append(line)
    except InputError as error:
        return "".join(lines), error
    return "".join(lines), None


def _broken(source: TextInput, error: Exception, number: int) -> InputError:
    return Place(source.path, getattr(error, "lineno", number)).error(
        f"expected a JSON array of objects. Received: {getattr(error, 'msg', error)}. "
        "The file is cut short or damaged; copy it again, or fix the line."
    )
