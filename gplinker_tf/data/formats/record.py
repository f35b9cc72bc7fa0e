"""What a line or row of an annotated file says."""

from __future__ import annotations

from typing import NamedTuple

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.place import Place
from gplinker_tf.structures import Triple


class Record(NamedTuple):
    """A line of JSON, a row of a table, or what else a format puts one after the other.

    Args:
        place: its first line.
        last_line: the number of its last line; a table's cells may hold line breaks.
        text: the text.
        triples: the triples that it gives.
    """

    place: Place
    last_line: int
    text: str
    triples: tuple[Triple, ...]

    def __repr__(self) -> str:
        place = f"{shortened_path(self.place.path)}:{self.place.number}"
        return f"Record({place}, {counted(len(self.triples), 'triple')})"


def expect_words(triple: Triple, place: Place) -> Triple:
    """The triple, which must have a subject, a predicate and an object.

    Raises:
        InputError: one of them is empty or white space alone.
    """
    words = dict(zip(("subject", "predicate", "object"), triple.words, strict=True))
    empty = [role for role, word in words.items() if not word.strip()]
    if empty:
        there = [repr(word) for word in words.values() if word.strip()]
        beside = f", but {' and '.join(there)}" if there else ""
        raise place.error(
            "expected subject, predicate and object of each triple. Received: no "
            f"{' and no '.join(empty)}{beside}. Name all three, or leave out all three."
        )
    return triple
