"""Why a triple was missed or wrongly found, in words."""

from __future__ import annotations

from enum import Enum


class Cause(Enum):
    """The causes of errors, in the order in which they are tried; the first that fits counts.

    Args:
        title: a few words.
        meaning: one sentence that defines it.
        advice: what to do about it.

    Example:

    >>> Cause.SWAPPED.title
    'subject and object swapped'
    """

    SWAPPED = (
        "subject and object swapped",
        "The predicate is right, subject and object stand in each other's place.",
        "Look whether the annotators agree on the direction. A schema with the types of both "
        "ends makes it clear to people, more examples of the predicate to the model.",
    )
    PREDICATE = (
        "wrong predicate",
        "Subject and object are right, the predicate is another.",
        "Often two predicates mean nearly the same, or one text says both. Read ten; merge "
        "the predicates or sharpen the guideline.",
    )
    BOUNDARY = (
        "boundary off by one",
        "One token or character more or less at one end of the subject or of the object, all else "
        "is right.",
        "Titles with and without brackets, dates with and without 年: make the annotation "
        "follow one rule.",
    )
    SPAN = (
        "wrong span",
        "The predicate is right, and subject and object are each right or overlap the right one.",
        "Look which of nested names is annotated, and make the annotation follow one rule.",
    )
    ABSENT = (
        "not in the text",
        "The subject or the object does not stand in the text as tokens, so that no model can "
        "find it.",
        "Correct the line, or the vocabulary: gplinker audit lists these triples.",
    )
    TRUNCATED = (
        "truncation",
        "The subject or the object stands only behind the tokens that the model reads.",
        "Train with a larger --max-length, extraction then reads as much; or split long texts.",
    )
    REPEATED = (
        "repeated entity",
        "Nothing near was found, and the subject or the object stands in the text several times: "
        "the first places, which --occurrences first labels, are not those that stand closest "
        "together, or are part of a longer name.",
        "Train with --occurrences all, or annotate offsets.",
    )
    UNANNOTATED = (
        "possibly missing annotation",
        "The triple is gold in another line; or it resembles no gold triple of its own, its score "
        "is at least the median of the right ones, and gold knows its ends by the types that the "
        "schema wants.",
        "Read them: those that are right belong into gold, and F1 is better than it looks.",
    )
    NOT_FOUND = (
        "not found",
        "Nothing was found that comes near the gold triple.",
        "Train for longer, or on more lines with this predicate; see whether a lower "
        "--threshold finds it.",
    )
    SPURIOUS = (
        "spurious",
        "Nothing in gold comes near what was found.",
        "A higher --threshold removes the weakest; lines without triples in training remove more.",
    )

    def __init__(self, title: str, meaning: str, advice: str) -> None:
        self.title = title
        self.meaning = meaning
        self.advice = advice

    @property
    def slug(self) -> str:
        """The title as one word, for links."""
        return self.title.replace(" ", "-")
