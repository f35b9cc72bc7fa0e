"""Spans from offsets, and triples from relations between entity ids."""

from __future__ import annotations

from collections.abc import Hashable

from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import expect_words
from gplinker_tf.data.span_faults import span_fault
from gplinker_tf.structures import Span, Triple

#: The label of an entity without a type, for programs that require one.
UNTYPED = "entity"


def span_at(
    text: str, offsets: tuple[int, int], type_: str, place: Place, word: str | None = None
) -> Span:
    """Return the span at offsets.

    Args:
        text: the text that the offsets refer to.
        offsets: start and end.
        type_: the type of the entity.
        place: the location in the file, for errors.
        word: the text of the span, if the file gives it.

    Raises:
        InputError: the offsets are outside the text, or do not match the word.
    """
    start, end = offsets
    if word is None:
        if not 0 <= start < end <= len(text):
            raise place.error(
                f"expected offsets within the text of {len(text)} characters, end exclusive. "
                f"Received: [{start}, {end}]. Count characters from 0."
            )
        return Span(text[start:end], start, end, type_)
    span = Span(word, start, end, type_)
    if fault := span_fault(text, span):
        raise place.error(fault)
    return span


class Entities:
    """The entities of one text by their ids, from which triples are made.

    Args:
        place: the location of the text in the file.

    Example:

    >>> entities = Entities(Place("a.jsonl", 1))
    >>> entities.add(7, Span("Ada", 0, 3))
    >>> entities.add(8, Span("Tin", 10, 13))
    >>> entities.triple(7, "wrote", 8).words
    ('Ada', 'wrote', 'Tin')
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._spans: dict[Hashable, Span] = {}

    def __len__(self) -> int:
        return len(self._spans)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The entities in the order of the file."""
        return tuple(self._spans.values())

    def add(self, name: Hashable, span: Span) -> None:
        """Add an entity.

        Raises:
            InputError: another entity has the same id.
        """
        if name in self._spans:
            raise self._place.error(
                f"expected entities with different ids. Received: {name!r} twice."
            )
        self._spans[name] = span

    def triple(
        self, subject: Hashable, predicate: str, object_: Hashable, place: Place | None = None
    ) -> Triple:
        """Return the triple between two entities.

        Args:
            subject: the id of the subject.
            predicate: the name of the relation.
            object_: the id of the object.
            place: the location of the relation; defaults to the location of the text.

        Raises:
            InputError: one of the entities does not exist, or the predicate is empty.
        """
        place = place or self._place
        for name in (subject, object_):
            if name not in self._spans:
                raise place.error(
                    f"expected relations between entities of the text. Received: {name!r:.60}, "
                    "but no entity has this id. Add the entity, or remove the relation."
                )
        triple = Triple(self._spans[subject], predicate, self._spans[object_])
        return expect_words(triple, place)
