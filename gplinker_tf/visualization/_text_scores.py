"""All scores of one text, computed once: maps of a predicate, and the terms of a triple."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gplinker_tf.structures import Encoding

#: First and last token of a span, inclusive; the text's first token is 0.
Tokens = tuple[int, int]


def character_offsets(encoding: Encoding) -> list[tuple[int, int]]:
    """The characters of each token of a text, [CLS] and [SEP] left out."""
    return [(start, end) for start, end in encoding.offsets[1:-1].tolist()]


class Term(NamedTuple):
    """One of the scores that a triple needs.

    Args:
        formula: its name.
        place: the tokens that it is of.
        value: the score.
        needed: what it needs at threshold 0.
    """

    formula: str
    place: str
    value: float
    needed: float = 0.0

    @property
    def compared(self) -> float:
        """What a threshold is compared with."""
        return self.value - self.needed


class ScoreMap(NamedTuple):
    """Scores as a table whose columns are tokens.

    Args:
        title: what they are of.
        caption: what rows and columns are.
        values: float32 `[R, L]`; -inf where there is no score.
        rows: names of the rows; empty where they are tokens too.
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
        encoding: what was read of it.
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
        """The scores that decide about a predicate.

        Args:
            label: the predicate's.
            name: the predicate.
            pair: subject and object of a chosen triple.
        """

    @abstractmethod
    def terms(self, label: int, name: str, subject: Tokens, object_: Tokens) -> list[Term]:
        """What a triple's score is the sum of."""

    def remark(self, label: int, subject: Tokens, object_: Tokens, threshold: float) -> str:
        """Why a triple is not found all of whose terms exceed the threshold; "" if it is."""
        return ""

    def arrow(self, first: int, second: int) -> str:
        """Two tokens, as tooltips and terms show them."""
        return f"{self.tokens[first]} → {self.tokens[second]}"
