"""The triples of a text with their places in it, and what gold says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gplinker_tf.structures import Span, Triple

#: Start and end in the text, half-open.
Place = tuple[int, int]

#: What gold says: nothing, both have it, gold alone, the model alone.
UNJUDGED, CORRECT, MISSED, SPURIOUS = "", "correct", "missed", "spurious"


class LocatedTriple(NamedTuple):
    """A triple at a place.

    Args:
        triple: as it was given.
        subject: where its subject stands.
        object: where its object stands.
        status: what gold says of it.
    """

    triple: Triple
    subject: Place
    object: Place
    status: str = UNJUDGED

    def in_words(self) -> str:
        """The triple with what is known of it."""
        subject, predicate, object_ = self.triple.words
        facts = [self.status] if self.status else []
        if self.triple.score is not None:
            facts.append(f"score {self.triple.score:.2f}")
        if self.triple.lowest_score is not None:
            facts.append(f"lowest term {self.triple.lowest_score:.2f}")
        if self.triple.probability is not None:
            facts.append(f"probability {self.triple.probability:.2f}")
        known = f" ({', '.join(facts)})" if facts else ""
        return f"{subject} — {predicate} → {object_}{known}"


def judged(found: Sequence[Triple], gold: Sequence[Triple] | None) -> list[tuple[Triple, str]]:
    """Each triple with what gold says of it: what was found first, then what was missed.

    >>> one, other = Triple(Span("a"), "p", Span("b")), Triple(Span("a"), "p", Span("c"))
    >>> [status for _, status in judged([one], [other])]
    ['spurious', 'missed']
    """
    if gold is None:
        return [(triple, UNJUDGED) for triple in found]
    known, seen = ({triple.words for triple in side} for side in (gold, found))
    statuses = [(triple, CORRECT if triple.words in known else SPURIOUS) for triple in found]
    missed = {triple.words: triple for triple in gold if triple.words not in seen}
    return statuses + [(triple, MISSED) for triple in missed.values()]


def located(
    text: str, triples: Iterable[tuple[Triple, str]]
) -> tuple[list[LocatedTriple], list[Triple]]:
    """The triples whose words stand in the text, and those whose do not.

    Words without offsets, as in LIC2019's annotation, are where subject and object are nearest to
    each other.

    >>> triple = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> [one], lost = located("周星驰导演，《喜剧之王》由周星驰主演", [(triple, "")])
    >>> one.subject, one.object, lost
    ((7, 11), (13, 16), [])
    """
    placed, lost = [], []
    for triple, status in triples:
        ends = [list(_places(text, span)) for span in (triple.subject, triple.object)]
        if all(ends):
            pairs = ((subject, object_) for subject in ends[0] for object_ in ends[1])
            subject, object_ = min(pairs, key=_distance)
            placed.append(LocatedTriple(triple, subject, object_, status))
        else:
            lost.append(triple)
    return placed, lost


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
