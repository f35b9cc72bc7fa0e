"""The labels of a batch that GPLinker trains on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gplinker_tf.data.batching import batch_labels


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
        labels = {"entity": roles, "head": num_predicates, "tail": num_predicates}
        if not with_tail:
            del labels["tail"]
        self.arrays = {name: (np.int32, (None, count, None, 2)) for name, count in labels.items()}

    def __call__(
        self, quintuples: Sequence[np.ndarray], token_ids: np.ndarray, random: Any
    ) -> dict[str, np.ndarray]:
        """Labels from int `[N, 5]` for each text; the other two do not matter."""
        return batch_labels(quintuples, self.num_predicates, self.roles, self.with_tail)
