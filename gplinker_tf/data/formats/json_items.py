"""Objects of JSON as they follow one another: one on each line, or the items of one array."""

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

#: An object and where it begins.
Item = tuple[Place, dict[str, Any]]

#: Of files that may be JSON.
JSON_SUFFIXES = (".jsonl", ".json", ".ndjson")

#: The beginning of an array of objects, as far as one line shows it.
ARRAY = re.compile(r"\s*\[\s*(\{\s*(\"|\}|$)|\]?\s*$)")

#: Lines that are looked at for the first object.
LOOKED_AT = 10

ARRAY_START = re.compile(r"\s*\[\s*(\]?)")
SEPARATOR = re.compile(r"\s*([,\]])\s*")


def is_array(source: TextInput) -> bool:
    """Whether an input begins as an array of objects."""
    if not ARRAY.match(source.first_line):
        return False
    # Where the first line is a bracket alone, objects follow.
    alone = source.first_line.strip() == "["
    return not alone or source.second_line.lstrip().startswith(("{", "]"))


def first_object(source: TextInput) -> dict[str, Any] | None:
    """The first object of an input, by which formats know it; `None` where it begins otherwise."""
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
        # Twice as many, so that long items are not parsed once for each line.
        seen, wanted = len(lines), 2 * wanted
    return found


def json_items(source: TextInput) -> Iterator[Item]:
    """The objects of an input, of an array or of lines.

    Raises:
        InputError: the array is broken.
    """
    return array_items(source) if is_array(source) else line_items(source)


def line_items(source: TextInput) -> Iterator[Item]:
    """The objects on the lines; blank lines are passed over."""
    lines = (numbered for numbered in source.numbered_lines() if numbered[1].strip())
    return source.read_each(lines, _line_item)


def array_items(source: TextInput) -> Iterator[Item]:
    """The items of one array; an error in the file comes after the items before it."""
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
    # The first line may be the damaged one; only a pipe would have to wait for those after it.
    after = (_object_at(line, 0) for line in source.beginning(LOOKED_AT) if line.strip())
    return next((row for row in after if row is not None), None)


def _object_at(text: str, position: int) -> dict[str, Any] | None:
    try:
        value, _ = json.JSONDecoder().raw_decode(text.rstrip(), position)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _whole(source: TextInput) -> tuple[str, InputError | None]:
    """All that can be read, and the error that ends it, so that the items before it count."""
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
