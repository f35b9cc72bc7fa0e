"""Where the words of a triple stand in their text, for annotation that names words alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gplinker_tf.structures import Example, Span, Triple

#: Start and end in the text, half-open.
Place = tuple[int, int]


def with_offsets(example: Example) -> Example:
    """The example with offsets for its words, as Label Studio, doccano and spaCy need them.

    A triple gets the places at which its subject and object are nearest to each other, and an
    entity in no triple its first place. Words that have offsets keep them; words that do not occur
    in the text get none.

    Args:
        example: a text with its triples.

    Returns:
        The same text and triples.

    Example:

    >>> words = Example("Ada wrote Tin", (Triple(Span("Ada"), "wrote", Span("Tin")),))
    >>> with_offsets(words).triples
    (Triple(Span('Ada', 0, 3), 'wrote', Span('Tin', 10, 13)),)
    """
    triples = tuple(_placed(example.text, triple) for triple in example.triples)
    unlinked = (_at(span, next(_places(example.text, span), None)) for span in example.unlinked)
    return replace(example, triples=triples, unlinked=tuple(unlinked))


def nearest_places(text: str, triple: Triple) -> tuple[Place, Place] | None:
    """Where subject and object of a triple stand nearest to each other.

    Args:
        text: the source text.
        triple: its spans, with or without offsets; those that have some are there alone.

    Returns:
        The place of each, or `None` where one of them is not in the text.

    Example:

    >>> triple = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> nearest_places("周星驰导演，《喜剧之王》由周星驰主演", triple)
    ((7, 11), (13, 16))
    """
    ends = [list(_places(text, span)) for span in (triple.subject, triple.object)]
    pairs = ((subject, object_) for subject in ends[0] for object_ in ends[1])
    return min(pairs, key=_distance, default=None)


def _placed(text: str, triple: Triple) -> Triple:
    subject, object_ = nearest_places(text, triple) or (
        next(_places(text, span), None) for span in (triple.subject, triple.object)
    )
    return replace(triple, subject=_at(triple.subject, subject), object=_at(triple.object, object_))


def _at(span: Span, place: Place | None) -> Span:
    return span if place is None else replace(span, start=place[0], end=place[1])


def _places(text: str, span: Span) -> Iterator[Place]:
    if span.start is not None and span.end is not None:
        if 0 <= span.start < span.end <= len(text):
            yield span.start, span.end
        return
    start = text.find(span.text) if span.text else -1
    while start >= 0:
        yield start, start + len(span.text)
        start = text.find(span.text, start + 1)


def _distance(pair: tuple[Place, Place]) -> tuple[int, Place]:
    subject, object_ = pair
    gap = max(subject[0], object_[0]) - min(subject[1], object_[1])
    # One word inside the other is rarely what was meant.
    return (gap if gap >= 0 else len(range(*subject)) + len(range(*object_)), subject)
