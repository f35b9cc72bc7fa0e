"""What the formats of JSON objects have in common, however the objects are set apart."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.base import Format
from gplinker_tf.data.formats.lic2019 import record_of, text_of
from gplinker_tf.data.formats.other_programs import expect_own_format
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class JsonFormat(Format):
    """Abstract: objects as LIC2019 has them, with `text` and `spo_list`."""

    @abstractmethod
    def objects(self, source: TextInput) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The objects of an input with their lines.

        Raises:
            InputError: something else stands there.
        """

    def rows(self, source: TextInput, needed: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """As `objects`, none of which is another program's.

        Args:
            source: the input.
            needed: the key without which an object may be one of another program's.

        Raises:
            InputError: a line or an item is no JSON object, or is another program's.
        """

        def own(item: tuple[Place, dict[str, Any]]) -> tuple[Place, dict[str, Any]]:
            place, row = item
            if needed not in row:
                expect_own_format(row, place, needed)
            return item

        return source.read_each(self.objects(source), own)

    def records(self, source: TextInput) -> Iterator[Record]:
        rows = self.rows(source, "spo_list")
        return source.read_each(rows, lambda item: record_of(item[1], item[0]))

    def texts(self, source: TextInput) -> Iterator[str]:
        rows = self.rows(source, "text")
        return source.read_each(rows, lambda item: text_of(item[1], "text", item[0]))
