"""A JSON array of objects, over as many lines as it likes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.json_format import JsonFormat
from gplinker_tf.data.formats.json_lines import JsonLines
from gplinker_tf.data.formats.place import Place
from gplinker_tf.errors import InputError

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput

#: The beginning of an array of objects, as far as one line shows it.
ARRAY = re.compile(r"\s*\[\s*(\{\s*(\"|\}|$)|\]?\s*$)")

ARRAY_START = re.compile(r"\s*\[\s*(\]?)")
SEPARATOR = re.compile(r"\s*([,\]])\s*")


class JsonArray(JsonFormat):
    """The items of one array; an error in the file comes after the items before it."""

    name = "json"
    title = "a JSON array"
    suffixes = JsonLines.suffixes

    def recognizes(self, source: TextInput) -> bool:
        if not ARRAY.match(source.first_line):
            return False
        # Where the first line is a bracket alone, objects follow.
        alone = source.first_line.strip() == "["
        return not alone or source.second_line.lstrip().startswith(("{", "]"))

    def objects(self, source: TextInput) -> Iterator[tuple[Place, dict[str, Any]]]:
        text, damage = _whole(source)
        decoder, counted, number = json.JSONDecoder(), 0, 1
        start = ARRAY_START.match(text)
        if start is None:
            raise damage or Place(source.path, 1).error(
                f"expected a JSON array, [...]. Received: {source.first_line[:60]!r}. Name its "
                "actual format, or convert the file."
            )
        position, ended = start.end(), start[1] == "]"
        while not ended:
            number += text.count("\n", counted, position)
            counted = position
            place = Place(source.path, number)
            try:
                value, position = decoder.raw_decode(text, position)
            except (ValueError, RecursionError) as error:
                raise damage or _broken(source, error, number) from error
            if not isinstance(value, dict):
                source.set_aside(
                    place.error(
                        "expected the items of the array to be JSON objects. "
                        f"Received: {value!r:.60}."
                    )
                )
            else:
                yield place, value
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
