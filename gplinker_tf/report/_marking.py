"""A mistake's spans in its text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gplinker_tf.errors_by_cause import Mistake

#: A mistake's triples, in the order in which they are shown.
SIDES = ("gold", "found", "near")

NOTE = (
    "A text's number is its position in the file; near marks a gold triple that the wrong one "
    "resembles, but that was found as well or is in another row."
)

#: Which side a span is of and which end of the triple: ("gold", "subject").
Mark = tuple[str, str]


def marks(mistake: Mistake) -> list[tuple[int, int, Mark]]:
    """Start, end and mark of each span that stands in the text."""
    found = []
    for side in ("gold", "found"):
        triple = getattr(mistake, side)
        for end in ("subject", "object") if triple else ():
            span = getattr(triple, end)
            if span.start is not None and 0 <= span.start < span.end <= len(mistake.text):
                found.append((span.start, span.end, (side, end)))
    return found


def pieces(mistake: Mistake) -> Iterator[tuple[str, tuple[Mark, ...]]]:
    """The text cut where a span begins or ends, each piece with the marks that cover it.

    Example:

    >>> from gplinker_tf.errors_by_cause import Cause
    >>> from gplinker_tf.structures import Span, Triple
    >>> gold = Triple(Span("ab", 0, 2), "p", Span("c", 2, 3))
    >>> list(pieces(Mistake(1, "abcd", Cause.NOT_FOUND, gold=gold)))
    [('ab', (('gold', 'subject'),)), ('c', (('gold', 'object'),)), ('d', ())]
    """
    found = marks(mistake)
    cuts = sorted({0, len(mistake.text), *(cut for mark in found for cut in mark[:2])})
    for start, end in pairwise(cuts):
        covering = tuple(mark for first, last, mark in found if first <= start and end <= last)
        yield mistake.text[start:end], covering
