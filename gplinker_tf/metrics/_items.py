"""Items of annotated and found triples: a predicate and what must be equal."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from gplinker_tf.metrics.matching import Key
from gplinker_tf.structures import Mention, Span, Triple

#: A predicate ("" for entities) and what must be equal.
Item = tuple[str, Hashable]
#: Maps the annotated and the found triples of a text to the items of each.
Items = Callable[[Sequence[Triple], Sequence[Triple]], tuple[list[Item], list[Item]]]
#: A predicate ("" for entities) and the spans that must be equal.
Place = tuple[str, tuple[Span, ...]]


def apart(items_of: Callable[[Sequence[Triple]], list[Item]]) -> Items:
    """Return a function that applies `items_of` to each of the two sides."""
    return lambda annotated, found: (items_of(annotated), items_of(found))


def by_key(key: Key) -> Items:
    """Return one item per triple: its predicate and its key."""
    return apart(lambda triples: [(triple.predicate, key(triple)) for triple in triples])


def by_words(choose: Callable[[list[str]], str]) -> Items:
    """Return one item per triple: its predicate, and one word each of its subject and object.

    Words are separated by single spaces, as in CasRel's script.
    """

    def key(triple: Triple) -> Hashable:
        return tuple(choose(span.text.split(" ")) for span in (triple.subject, triple.object))

    return by_key(key)


def by_entity_words(triples: Sequence[Triple]) -> list[Item]:
    """Return two items per triple: the words of its subject and of its object."""
    return [("", span.text) for triple in triples for span in (triple.subject, triple.object)]


def by_offsets(places_of: Callable[[Triple], Iterable[Place]]) -> Items:
    """Return one item per mention: its words and, if both sides have them, its offsets."""

    def items(
        annotated: Sequence[Triple], found: Sequence[Triple]
    ) -> tuple[list[Item], list[Item]]:
        sides = [
            [place for triple in triples for place in places_of(triple)]
            for triples in (annotated, found)
        ]
        without = {_words(place) for side in sides for place in side if None in _offsets(place)}

        def item(place: Place) -> Item:
            words = _words(place)
            return place[0], (words, None if words in without else _offsets(place))

        of_annotated, of_found = ([item(place) for place in side] for side in sides)
        return of_annotated, of_found

    return items


def triple_places(triple: Triple) -> Iterator[Place]:
    """Yield the predicate with the subject and object of each mention of the triple."""
    for one in _mentions(triple):
        yield triple.predicate, (one.subject, one.object)


def entity_places(triple: Triple) -> Iterator[Place]:
    """Yield the subject and the object of each mention of the triple."""
    for one in _mentions(triple):
        yield "", (one.subject,)
        yield "", (one.object,)


def _mentions(triple: Triple) -> Sequence[Triple | Mention]:
    return triple.mentions or (triple,)


def _words(place: Place) -> tuple[str, ...]:
    return place[0], *(span.text for span in place[1])


def _offsets(place: Place) -> tuple[int | None, ...]:
    return tuple(offset for span in place[1] for offset in (span.start, span.end))
