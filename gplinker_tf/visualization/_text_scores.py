"""All scores of a text, computed once: heat maps of a predicate, and the terms of a triple."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gplinker_tf.structures import Encoding

#: First and last token of a span, inclusive; the text's first token is 0.
Tokens = tuple[int, int]


def character_offsets(encoding: Encoding) -> list[tuple[int, int]]:
    """Return the character offsets of each token of a text, without [CLS] and [SEP]."""
    return [(start, end) for start, end in encoding.offsets[1:-1].tolist()]


class Term(NamedTuple):
    """One of the terms of a triple's score.

    Args:
        formula: its name.
        place: the tokens that it is about.
        value: the score.
        needed: what it must exceed at threshold 0.
    """

    formula: str
    place: str
    value: float
    needed: float = 0.0

    @property
    def compared(self) -> float:
        """The value to compare with a threshold."""
        return self.value - self.needed


class ScoreMap(NamedTuple):
    """Scores as a table whose columns are tokens.

    Args:
        title: what the scores are about.
        caption: what rows and columns are.
        values: float32 `[R, L]`; -inf where there is no score.
        rows: the names of the rows; empty if they are tokens too.
        chosen: the cells, as (row, column), of a chosen triple.
    """

    title: str
    caption: str
    values: np.ndarray
    rows: tuple[str, ...] = ()
    chosen: tuple[tuple[int, int], ...] = ()


class TextScores(ABC):
    """Abstract: the scores of a text, or of one window of it.

    Args:
        text: the whole text.
        encoding: the part of it that was read.
    """

    def __init__(self, text: str, encoding: Encoding) -> None:
        self.text = text
        self.offsets = character_offsets(encoding)

    @cached_property
    def tokens(self) -> list[str]:
        """The characters of each token."""
        return [self.text[start:end] for start, end in self.offsets]

    @abstractmethod
    def maps(self, label: int, name: str, pair: tuple[Tokens, Tokens] | None) -> list[ScoreMap]:
        """Return the scores that decide on a predicate.

        Args:
            label: the index of the predicate.
            name: the name of the predicate.
            pair: subject and object of a chosen triple.
        """

    @abstractmethod
    def terms(self, label: int, name: str, subject: Tokens, object_: Tokens) -> list[Term]:
        """Return the terms whose sum is a triple's score."""

    def remark(self, label: int, subject: Tokens, object_: Tokens, threshold: float) -> str:
        """Say why a triple is not found although all terms exceed the threshold; "" if it is."""
        return ""

    def arrow(self, first: int, second: int) -> str:
        """Return two tokens as tooltips and terms show them."""
        return f"{self.tokens[first]} → {self.tokens[second]}"
