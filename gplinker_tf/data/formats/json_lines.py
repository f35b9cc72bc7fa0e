"""JSON lines in LIC2019's format, one object per line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.json_items import Item, line_items
from gplinker_tf.data.formats.lic2019 import Lic2019Objects

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class JsonLines(Lic2019Objects):
    """The format of LIC2019 and of `gplinker extract`; blank lines are skipped."""

    name = "jsonl"
    title = "JSON lines"

    def recognizes(self, source: TextInput) -> bool:
        return source.first_object is not None

    def items(self, source: TextInput) -> Iterator[Item]:
        return line_items(source)

    def stands_on_lines(self, source: TextInput) -> bool:
        return True
