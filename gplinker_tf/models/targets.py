"""What makes the targets of a batch of the quintuples of its texts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.alignment import Quintuple


class TargetBuilder(ABC):
    """Abstract: makes what a model learns from a batch.

    Args:
        num_predicates: `P`.

    Attributes:
        arrays: dtype and shape of each target, `None` where any size will do.
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
        """The targets of a batch, by the names of `arrays`.

        Args:
            quintuples: int `[N, 5]` for each text, as `TripleAligner` gives them.
            token_ids: `[B, L]`, 0 pads.
            random: what is left to chance is drawn from it.

        Raises:
            ValueError: a quintuple lies outside its text.
        """

    @abstractmethod
    def decoded(self, quintuples: np.ndarray, length: int) -> set[Quintuple]:
        """What a model finds in a text whose scores are perfect: those of the targets.

        Args:
            quintuples: int `[N, 5]` of the text.
            length: its tokens.
        """
