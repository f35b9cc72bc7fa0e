"""Plain text: one text per line, without annotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.base import FORMATS, Format
from gplinker_tf.data.formats.place import shown_name
from gplinker_tf.data.formats.record import Record
from gplinker_tf.errors import InputError

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class PlainText(Format):
    """The format of all inputs that no other format recognizes."""

    name = "text"
    title = "plain text, one text per line"
    looks_like = "Ada wrote Tin"

    def records(self, source: TextInput) -> Iterator[Record]:
        line = source.first_line.strip()
        # A line that begins like an object is meant as one: the error says where it breaks off.
        if not line or line.startswith("{"):
            return FORMATS["jsonl"].records(source)
        raise InputError(
            f"{shown_name(source.path)}: expected annotated texts. Received: plain text, "
            f"{line[:60]!r}. `gplinker formats` lists what can be read; only `gplinker extract` "
            "reads plain text."
        )

    def texts(self, source: TextInput) -> Iterator[str]:
        return (line.rstrip("\r\n") for _, line in source.numbered_lines())
