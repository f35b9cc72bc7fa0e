"""The labels of a batch that GPLinker trains on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gplinker_tf.data.batching import batch_labels
from gplinker_tf.data.labels import Quintuple
from gplinker_tf.data.link_decoding import inner_spans, linked, links_of


class GPLinkerLabels:
    """Makes the positive pairs of a batch, as `batch_labels` gives them.

    Args:
        num_predicates: `P`.
        roles: labels of entities: 2, subjects and objects, or 1, both together.
        with_tail: whether there is a `tail`.

    Attributes:
        arrays: dtype and shape of each label.

    Example:

    >>> labels = GPLinkerLabels(2)([np.array([[1, 4, 0, 6, 8]])], np.ones([1, 16]), None)
    >>> labels["head"].tolist()
    [[[[1, 6]], [[0, 0]]]]
    """

    def __init__(self, num_predicates: int, roles: int = 2, with_tail: bool = True) -> None:
        self.num_predicates = num_predicates
        self.roles = roles
        self.with_tail = with_tail
        outputs = ("entity", "head", "tail") if with_tail else ("entity", "head")
        self.arrays = dict.fromkeys(outputs, (np.int32, (None, None, None, 2)))

    def __call__(
        self, quintuples: Sequence[np.ndarray], token_ids: np.ndarray, random: Any
    ) -> dict[str, np.ndarray]:
        """Labels from int `[N, 5]` for each text; the other two do not matter."""
        return batch_labels(quintuples, self.num_predicates, self.roles, self.with_tail)

    def decoded(self, quintuples: np.ndarray, length: int) -> set[Quintuple]:
        """What a model finds in a text whose scores are above 0 at the labels and nowhere else.

        Where two triples share ends, or one label stands for both roles, others may come of them.

        Args:
            quintuples: int `[N, 5]` of the text.
            length: its tokens.

        Example:

        >>> rows = np.array([[1, 2, 0, 4, 5], [1, 3, 0, 4, 6]])
        >>> len(GPLinkerLabels(1).decoded(rows, 8))
        2
        >>> len(GPLinkerLabels(1, with_tail=False).decoded(rows, 8))  # one start, two ends
        4
        """
        rows = list(map(tuple, quintuples.tolist()))
        subjects, objects = inner_spans(rows, length)
        if self.roles == 1:
            subjects = objects = subjects | objects
        tail = links_of(rows, 1) if self.with_tail else None
        return linked(subjects, objects, links_of(rows, 0), tail)
