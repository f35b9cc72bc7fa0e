"""Counts of the right and wrong triples that a constraint removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from gplinker_tf._counted import counted
from gplinker_tf.metrics.matching import distinct, tokenized_key
from gplinker_tf.structures import Example, Extraction


class RemovedCounts(NamedTuple):
    """How many of the removed triples were right, and how many wrong.

    Args:
        right: removed triples that are annotated.
        wrong: removed triples that are not annotated.

    Example:

    >>> RemovedCounts(right=1, wrong=11).in_words()
    '12 triples removed by entity types: 11 wrong, 1 right'
    """

    right: int = 0
    wrong: int = 0

    def in_words(self) -> str:
        """Return the counts as a sentence without a period."""
        triples = counted(sum(self), "triple")
        return f"{triples} removed by entity types: {self.wrong:,} wrong, {self.right:,} right"


def removed_counts(
    examples: Iterable[Example],
    extractions: Iterable[Extraction],
    tokenize: Callable[[str], Sequence[str]],
) -> RemovedCounts:
    """Count the removed triples by tokenized match.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenize: a function from a word to its tokens.

    Returns:
        The counts of all texts.

    Example:

    >>> from gplinker_tf.structures import Span, Triple
    >>> gold, other = (Triple(Span("歌"), "歌手", Span(word)) for word in ("许美静", "新加坡"))
    >>> removed_counts([Example("…", (gold,))], [Extraction("…", removed=(gold, other))], list)
    RemovedCounts(right=1, wrong=1)
    """
    key = tokenized_key(tokenize)
    right = wrong = 0
    for example, extraction in zip(examples, extractions, strict=True):
        if extraction.removed:
            gold, kept = (distinct(side.triples, key) for side in (example, extraction))
            gone = distinct(extraction.removed, key).keys() - kept.keys()
            right += len(gone & gold.keys())
            wrong += len(gone - gold.keys())
    return RemovedCounts(right, wrong)
