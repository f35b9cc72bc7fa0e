"""A text in which gold and the model disagree, and why it is worth reviewing."""

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
        mistakes: all mistakes in the text: first those with a wrong triple, the most confident
            first, then those with only a missed one.

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
        """The number of the text, from 1."""
        return self.mistakes[0].number

    @property
    def text(self) -> str:
        """The text."""
        return self.mistakes[0].text

    def __repr__(self) -> str:
        mistakes = counted(len(self.mistakes), "mistake")
        return f"Disagreement(text {self.number}, {self.reason.title!r}, {mistakes})"
