"""The places of a triple."""

from __future__ import annotations

from gplinker_tf.structures import Mention, Triple


def mentions_of(triple: Triple) -> tuple[Mention, ...]:
    """All places of a triple; its own spans where it lists no others.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> mentions_of(Triple(Span("Tin", 10, 13), "author", Span("Ada", 0, 3)))
    (Mention(Span('Tin', 10, 13), Span('Ada', 0, 3)),)
    """
    return triple.mentions or (Mention(triple.subject, triple.object, triple.score),)
