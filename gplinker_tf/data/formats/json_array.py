"""A JSON array of objects in LIC2019's format, on any number of lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.json_items import Item, array_items, is_array
from gplinker_tf.data.formats.lic2019 import Lic2019Objects

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class JsonArray(Lic2019Objects):
    """One array of objects; an error in the file is raised after the items before it are read."""

    name = "json"
    title = "a JSON array"

    def recognizes(self, source: TextInput) -> bool:
        return is_array(source)

    def items(self, source: TextInput) -> Iterator[Item]:
        return array_items(source)

    def stands_on_lines(self, source: TextInput) -> bool:
        return False
