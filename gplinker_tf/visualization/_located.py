"""The triples of a text with their positions and their gold status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gplinker_tf.data.word_places import Place, nearest_places
from gplinker_tf.structures import Triple

#: The gold status: no gold given, found and in gold, only in gold, only found.
UNJUDGED, CORRECT, MISSED, SPURIOUS = "", "correct", "missed", "spurious"


class LocatedTriple(NamedTuple):
    """A triple with its position in the text.

    Args:
        triple: the triple as it was given.
        subject: the offsets of its subject.
        object: the offsets of its object.
        status: its gold status.
    """

    triple: Triple
    subject: Place
    object: Place
    status: str = UNJUDGED

    def in_words(self) -> str:
        """Return the triple in words, with its status and scores if they are known."""
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
    """Return each triple with its gold status: first the found ones, then the missed ones.

    >>> from gplinker_tf.structures import Span
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
    """Return the triples whose words occur in the text, and those whose words do not.

    Words without offsets, as in LIC2019's annotation, are located where subject and object are
    closest to each other.

    >>> from gplinker_tf.structures import Span
    >>> triple = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> [one], lost = located("周星驰导演，《喜剧之王》由周星驰主演", [(triple, "")])
    >>> one.subject, one.object, lost
    ((7, 11), (13, 16), [])
    """
    placed, lost = [], []
    for triple, status in triples:
        places = nearest_places(text, triple)
        if places is None:
            lost.append(triple)
        else:
            placed.append(LocatedTriple(triple, *places, status))
    return placed, lost
