"""What a line or row of an annotated file says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.place import Place
from gplinker_tf.structures import Span, Triple, in_order


class Record(NamedTuple):
    """A line of JSON, a row of a table, or what else a format puts one after the other.

    Args:
        place: its first line.
        last_line: the number of its last line; a table's cells may hold line breaks.
        text: the text.
        triples: the triples that it gives.
        entities: the entities that it names besides; those that are in triples may be among them.
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


def unlinked_in(entities: Iterable[Span], triples: Iterable[Triple]) -> tuple[Span, ...]:
    """The distinct entities that are in none of the triples, in the text's order.

    Where an entity or the end of a triple has no offsets, their words decide.

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
