"""The content of a line or row of an annotated file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.place import Place
from gplinker_tf.structures import Span, Triple, in_order


class Record(NamedTuple):
    """The content of a line of JSON, a row of a table, or another unit of a format.

    Args:
        place: the location of its first line.
        last_line: the number of its last line; the cells of a table may contain line breaks.
        text: the text.
        triples: its triples.
        entities: its entities; they may include those that are in triples.
    """

    place: Place
    last_line: int
    text: str
    triples: tuple[Triple, ...]
    entities: Sequence[Span] = ()

    def __repr__(self) -> str:
        place = f"{shortened_path(self.place.path)}:{self.place.number}"
        return f"Record({place}, {counted(len(self.triples), 'triple')})"


def expect_words(triple: Triple, place: Place) -> Triple:
    """Return the triple, which must have a subject, a predicate and an object.

    Raises:
        InputError: one of them is empty or whitespace only.
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


def unlinked_in(entities: Iterable[Span], triples: Iterable[Triple]) -> tuple[Span, ...]:
    """Return the distinct entities that are in none of the triples, in the order of the text.

    Entities are compared by their words if one side has no offsets.

    Example:

    >>> ada, tin, again = Span("Ada", 0, 3), Span("Tin", 10, 13), Span("Ada", 17, 20)
    >>> unlinked_in([ada, tin, again], [Triple(ada, "wrote", tin)])
    (Span('Ada', 17, 20),)
    >>> unlinked_in([ada, tin, again], [Triple(Span("Ada"), "wrote", tin)])
    ()
    """
    ends = {span for triple in triples for span in (triple.subject, triple.object)}
    words = {span.text for span in ends}
    anywhere = {span.text for span in ends if span.start is None}
    return in_order(
        span
        for span in entities
        if span not in ends and span.text not in (words if span.start is None else anywhere)
    )
