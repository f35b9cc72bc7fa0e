"""Why a triple was missed or wrongly found, in words."""

from __future__ import annotations

from enum import Enum


class Cause(Enum):
    """The causes of errors, in the order in which they are tried; the first that fits counts.

    Args:
        title: a few words.
        meaning: one sentence that defines it.

    Example:

    >>> Cause.SWAPPED.title
    'subject and object swapped'
    """

    SWAPPED = (
        "subject and object swapped",
        "The predicate is right, subject and object stand in each other's place.",
    )
    PREDICATE = (
        "wrong predicate",
        "Subject and object are right, the predicate is another.",
    )
    BOUNDARY = (
        "boundary off by one",
        "One token or character more or less at one end of the subject or of the object, all else "
        "is right.",
    )
    SPAN = (
        "wrong span",
        "The predicate is right, and subject and object are each right or overlap the right one.",
    )
    ABSENT = (
        "not in the text",
        "The subject or the object does not stand in the text as tokens, so that no model can "
        "find it.",
    )
    TRUNCATED = (
        "truncation",
        "The subject or the object stands only behind the tokens that the model reads.",
    )
    REPEATED = (
        "repeated entity",
        "Nothing near was found, and the subject or the object stands in the text several times: "
        "training labels the first places, but others stand closer together or are no part of a "
        "longer name.",
    )
    INCOMPLETE = (
        "gold seems incomplete",
        "The triple is gold in another line; or it resembles no gold triple of its own, its score "
        "is at least the median of the right ones, and gold knows its ends by the types that the "
        "schema wants.",
    )
    NOT_FOUND = (
        "not found",
        "Nothing was found that comes near the gold triple.",
    )
    GROUNDLESS = (
        "found without ground",
        "Nothing in gold comes near what was found.",
    )

    def __init__(self, title: str, meaning: str) -> None:
        self.title = title
        self.meaning = meaning

    @property
    def slug(self) -> str:
        """The title as one word, for links."""
        return self.title.replace(" ", "-")
