"""The mentions of a triple in its text."""

from __future__ import annotations

from gplinker_tf.structures import Mention, Triple


def mentions_of(triple: Triple) -> tuple[Mention, ...]:
    """Return all mentions of a triple, or its own spans if it lists none.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> mentions_of(Triple(Span("Tin", 10, 13), "author", Span("Ada", 0, 3)))
    (Mention(Span('Tin', 10, 13), Span('Ada', 0, 3)),)
    """
    return triple.mentions or (Mention(triple.subject, triple.object, triple.score),)
