"""A text in which gold and the model disagree, and why somebody should read it."""

from __future__ import annotations

from dataclasses import dataclass

from gplinker_tf._counted import counted
from gplinker_tf.errors_by_cause.mistakes import Mistake
from gplinker_tf.errors_by_cause.reason import Reason


@dataclass(frozen=True)
class Disagreement:
    """One text in which gold and the model disagree.

    Args:
        reason: why it is worth a look.
        mistakes: all that were made in the text: the wrong triples that the model is surest of
            first, then what was only missed.

    Example:

    >>> from gplinker_tf.errors_by_cause import Cause
    >>> from gplinker_tf.structures import Span, Triple
    >>> found = Triple(Span("Rain", 9, 13), "author", Span("Li", 0, 2), score=8.0)
    >>> mistake = Mistake(1, "Li wrote Rain", Cause.SPURIOUS, found=found)
    >>> Disagreement(Reason.EXTRA, (mistake,))
    Disagreement(text 1, 'extra triple', 1 mistake)
    """

    reason: Reason
    mistakes: tuple[Mistake, ...]

    @property
    def number(self) -> int:
        """The text's, from 1."""
        return self.mistakes[0].number

    @property
    def text(self) -> str:
        """The text."""
        return self.mistakes[0].text

    def __repr__(self) -> str:
        mistakes = counted(len(self.mistakes), "mistake")
        return f"Disagreement(text {self.number}, {self.reason.title!r}, {mistakes})"
