"""A JSON array of objects as LIC2019 has them, over as many lines as it likes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.json_items import Item, array_items, is_array
from gplinker_tf.data.formats.lic2019 import Lic2019Objects

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class JsonArray(Lic2019Objects):
    """The items of one array; an error in the file comes after the items before it."""

    name = "json"
    title = "a JSON array"

    def recognizes(self, source: TextInput) -> bool:
        return is_array(source)

    def items(self, source: TextInput) -> Iterator[Item]:
        return array_items(source)

    def stands_on_lines(self, source: TextInput) -> bool:
        return False
