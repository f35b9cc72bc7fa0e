"""JSON lines: an object on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.json_format import JsonFormat
from gplinker_tf.data.formats.lic2019 import json_object
from gplinker_tf.data.formats.place import Place

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class JsonLines(JsonFormat):
    """LIC2019's own form, and that of `gplinker extract`; blank lines are passed over."""

    name = "jsonl"
    title = "JSON lines"
    suffixes = (".jsonl", ".json", ".ndjson")

    def recognizes(self, source: TextInput) -> bool:
        try:
            return isinstance(json.loads(source.first_line), dict)
        except (ValueError, RecursionError):
            return False

    def objects(self, source: TextInput) -> Iterator[tuple[Place, dict[str, Any]]]:
        lines = ((place, line) for place, line in source.numbered_lines() if line.strip())
        return source.read_each(lines, _object)


def _object(numbered: tuple[Place, str]) -> tuple[Place, dict[str, Any]]:
    place, line = numbered
    return place, json_object(line.rstrip("\r\n"), place)
