"""The causes of errors: why a triple was missed or wrongly found."""

from __future__ import annotations

from enum import Enum


class Cause(Enum):
    """The causes of errors, in the order in which they are tried; the first that fits is used.

    Args:
        title: a short name.
        meaning: a sentence that defines the cause.
        advice: what to do about it.

    Example:

    >>> Cause.SWAPPED.title
    'subject and object swapped'
    """

    SWAPPED = (
        "subject and object swapped",
        "The predicate is right, but subject and object are swapped.",
        "Check whether the annotators agree on the direction. A schema with types for both ends "
        "makes the direction clear to people; more examples of the predicate make it clear to "
        "the model.",
    )
    PREDICATE = (
        "wrong predicate",
        "Subject and object are right, but the predicate is wrong.",
        "Often two predicates mean nearly the same thing, or one text expresses both. Read ten "
        "examples; merge the predicates or sharpen the guideline.",
    )
    BOUNDARY = (
        "boundary off by one",
        "One token or character too many or too few at one end of the subject or the object; "
        "everything else is right.",
        "Typical cases are titles with and without brackets and dates with and without 年. Make "
        "the annotation follow one rule.",
    )
    SPAN = (
        "wrong span",
        "The predicate is right, and subject and object are each right or overlap the right one.",
        "Check which of several nested names is annotated, and make the annotation follow one "
        "rule.",
    )
    ABSENT = (
        "not in the text",
        "The subject or the object does not occur in the text as tokens, so no model can find it.",
        "Correct the line or the vocabulary; gplinker audit lists these triples.",
    )
    OUT_OF_REACH = (
        "out of reach",
        "The subject and the object are never both among the tokens that the model reads at once.",
        "Train with a larger --max-length, which extraction then uses too, and with --long "
        "windows. gplinker audit says which length suffices.",
    )
    REPEATED = (
        "repeated entity",
        "Nothing similar was found, and the subject or the object occurs in the text several "
        "times: the first occurrences, which --occurrences first labels, are not those closest "
        "together, or are part of a longer name.",
        "Train with --occurrences all, or annotate offsets.",
    )
    UNANNOTATED = (
        "possibly missing annotation",
        "The same triple is gold in another line; or it resembles no gold triple of its own "
        "text, its score is at least the median score of the right ones, and both ends occur in "
        "gold with the types that the schema requires.",
        "Read them. Those that are right should be added to gold, and F1 is better than it looks.",
    )
    NOT_FOUND = (
        "not found",
        "Nothing similar to the gold triple was found.",
        "Train longer, or on more lines with this predicate; check whether a lower --threshold "
        "finds it.",
    )
    SPURIOUS = (
        "spurious",
        "Nothing in gold is similar to it.",
        "A higher --threshold removes the weakest; more training lines without triples remove "
        "more.",
    )

    def __init__(self, title: str, meaning: str, advice: str) -> None:
        self.title = title
        self.meaning = meaning
        self.advice = advice

    @property
    def slug(self) -> str:
        """The title as one word, for links."""
        return self.title.replace(" ", "-")
