"""Offsets for triples that are annotated as words only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gplinker_tf.structures import Example, Span, Triple

#: Start and end in the text, half-open.
Place = tuple[int, int]


def with_offsets(example: Example) -> Example:
    """Add offsets to the words of an example, as Label Studio, doccano and spaCy need them.

    A triple gets the occurrences of its subject and object that are closest together, and an
    entity that is in no triple gets its first occurrence. Existing offsets are kept. Words that do
    not occur in the text get no offsets.

    Args:
        example: a text with its triples.

    Returns:
        The same text and triples, with offsets.

    Example:

    >>> words = Example("Ada wrote Tin", (Triple(Span("Ada"), "wrote", Span("Tin")),))
    >>> with_offsets(words).triples
    (Triple(Span('Ada', 0, 3), 'wrote', Span('Tin', 10, 13)),)
    """
    triples = tuple(_placed(example.text, triple) for triple in example.triples)
    unlinked = (_at(span, next(_places(example.text, span), None)) for span in example.unlinked)
    return replace(example, triples=triples, unlinked=tuple(unlinked))


def nearest_places(text: str, triple: Triple) -> tuple[Place, Place] | None:
    """Find where the subject and object of a triple are closest together.

    Args:
        text: the source text.
        triple: the triple; a span with offsets is searched for at these offsets only.

    Returns:
        Start and end of each, or `None` if one of them is not in the text.

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
    # Overlapping words are rarely what was meant: their distance is the sum of their lengths.
    return (gap if gap >= 0 else len(range(*subject)) + len(range(*object_)), subject)
