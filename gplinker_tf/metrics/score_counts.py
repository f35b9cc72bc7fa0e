"""Counts of found and annotated triples, and the scores computed from them."""

from __future__ import annotations

from dataclasses import dataclass

#: F1 below which a model has hardly learned; found per annotated triple if it marks everything.
HARDLY, TOO_MANY = 0.1, 3


@dataclass(frozen=True)
class ScoreCounts:
    """Micro-averaged precision, recall and F1.

    Undefined scores are 0. (The script adds 1e-10 to each count, so that its values differ from
    these in the tenth digit.)

    Args:
        correct: triples both found and annotated.
        found: triples found.
        annotated: triples annotated.

    Example:

    >>> counts = ScoreCounts(correct=3, found=4, annotated=6)
    >>> counts.precision, counts.recall, counts.f1
    (0.75, 0.5, 0.6)
    """

    correct: int = 0
    found: int = 0
    annotated: int = 0

    def __add__(self, other: ScoreCounts) -> ScoreCounts:
        return ScoreCounts(
            self.correct + other.correct,
            self.found + other.found,
            self.annotated + other.annotated,
        )

    @property
    def precision(self) -> float:
        """The share of the found triples that are annotated."""
        return _ratio(self.correct, self.found)

    @property
    def recall(self) -> float:
        """The share of the annotated triples that are found."""
        return _ratio(self.correct, self.annotated)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _ratio(2 * self.correct, self.found + self.annotated)

    @property
    def of_a_model_that_marks_everything(self) -> bool:
        """Whether far more triples are found than annotated, and hardly any of them are right.

        Example:

        >>> ScoreCounts(correct=40, found=304_612, annotated=50).of_a_model_that_marks_everything
        True
        """
        return self.f1 < HARDLY and self.found > TOO_MANY * self.annotated


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
