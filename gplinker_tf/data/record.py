"""What a line or row of an annotated file says."""

from __future__ import annotations

from typing import NamedTuple

from gplinker_tf.data.place import Place
from gplinker_tf.structures import Triple


class Record(NamedTuple):
    """A line of JSON, or a row of a table.

    Args:
        place: its first line.
        last_line: the number of its last line; a table's cells may hold line breaks.
        text: the text.
        triples: the triples that it gives.
        types: for each triple the types of subject and object, "" where they are not given.
    """

    place: Place
    last_line: int
    text: str
    triples: tuple[Triple, ...]
    types: tuple[tuple[str, str], ...]
