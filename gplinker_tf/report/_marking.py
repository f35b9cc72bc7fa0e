"""Marks the spans of mistakes in their text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from gplinker_tf.errors_by_cause import Mistake
from gplinker_tf.structures import Triple

NOTE = (
    "A text's number is its position in the file. A triple labeled near is a gold one that the "
    "wrong one resembles, but that was found as well or is in another row."
)

#: How the first texts are chosen.
RULE = (
    "In these texts, gold itself may be wrong. The three kinds take turns, each sorted by the "
    "score of the wrong triple (its probability if the run is tuned); several disagreements are "
    "sorted by their second-best score."
)

#: The side that a span belongs to, and the end of the triple: ("gold", "subject").
Mark = tuple[str, str]


def shown_triples(mistake: Mistake) -> Iterator[tuple[str, Triple]]:
    """Yield the triples of a mistake with their sides, in the order in which they are shown."""
    for side in ("gold", "found", "near"):
        if triple := getattr(mistake, side):
            yield side, triple


def marks(mistakes: Sequence[Mistake]) -> list[tuple[int, int, Mark]]:
    """Return start, end and mark of each span that is in the text of the mistakes."""
    found = []
    for side, triple in chain.from_iterable(map(shown_triples, mistakes)):
        for end in ("subject", "object") if side != "near" else ():
            span = getattr(triple, end)
            if span.start is not None and 0 <= span.start < span.end <= len(mistakes[0].text):
                found.append((span.start, span.end, (side, end)))
    return found


def pieces(mistakes: Sequence[Mistake]) -> Iterator[tuple[str, tuple[Mark, ...]]]:
    """Split the text where a span begins or ends; yield each piece with the marks that cover it.

    Example:

    >>> from gplinker_tf.errors_by_cause import Cause
    >>> from gplinker_tf.structures import Span, Triple
    >>> gold = Triple(Span("ab", 0, 2), "p", Span("c", 2, 3))
    >>> list(pieces([Mistake(1, "abcd", Cause.NOT_FOUND, gold=gold)]))
    [('ab', (('gold', 'subject'),)), ('c', (('gold', 'object'),)), ('d', ())]
    """
    text, found = mistakes[0].text, marks(mistakes)
    cuts = sorted({0, len(text), *(cut for mark in found for cut in mark[:2])})
    for start, end in pairwise(cuts):
        covering = (mark for first, last, mark in found if first <= start and end <= last)
        yield text[start:end], tuple(dict.fromkeys(covering))
