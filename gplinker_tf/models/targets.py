"""The interface that turns the quintuples of a batch into training targets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.alignment import Quintuple


class TargetBuilder(ABC):
    """Abstract: builds the training targets of a batch.

    Args:
        num_predicates: `P`.

    Attributes:
        arrays: the dtype and shape of each target, with `None` for any size.
    """

    arrays: dict[str, tuple[type[np.generic], tuple[int | None, ...]]]

    def __init__(self, num_predicates: int) -> None:
        self.num_predicates = num_predicates

    def __repr__(self) -> str:
        return f"{type(self).__name__}({counted(self.num_predicates, 'predicate')})"

    @abstractmethod
    def __call__(
        self, quintuples: Sequence[np.ndarray], token_ids: np.ndarray, random: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """Return the targets of a batch, by the names in `arrays`.

        Args:
            quintuples: int `[N, 5]` for each text, as returned by `TripleAligner`.
            token_ids: `[B, L]`, 0 pads.
            random: the source of random choices.

        Raises:
            ValueError: a quintuple lies outside its text.
        """

    @abstractmethod
    def decoded(self, quintuples: np.ndarray, length: int) -> set[Quintuple]:
        """Return what a model finds in a text if its scores match the targets perfectly.

        Args:
            quintuples: int `[N, 5]` of the text.
            length: the number of tokens.
        """
