"""The reasons to review a text."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """A reason to review a text.

    Args:
        title: a short name.
        meaning: what it suggests, in one sentence.

    Example:

    >>> Reason.SIMILAR.title
    'similar triples'
    """

    EXTRA = (
        "extra triple",
        "The model finds a triple that resembles no gold triple: an annotation may be missing.",
    )
    SIMILAR = (
        "similar triples",
        "Gold and the model differ in a predicate, a direction or a boundary: the annotation may "
        "be inconsistent.",
    )
    SEVERAL = (
        "several disagreements",
        "The model contradicts gold more than once in the same text.",
    )

    def __init__(self, title: str, meaning: str) -> None:
        self.title = title
        self.meaning = meaning
