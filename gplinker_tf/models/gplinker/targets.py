"""Training targets of GPLinker: the positive pairs of each pointer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gplinker_tf.alignment import Quintuple
from gplinker_tf.models._link_decoding import inner_spans, linked, links_of
from gplinker_tf.models._pairs import padded_rows, pairs_of
from gplinker_tf.models._target_checks import expect_inside
from gplinker_tf.models.targets import TargetBuilder


class GPLinkerTargets(TargetBuilder):
    """Builds the positive pairs of a batch with `pair_targets`.

    Args:
        num_predicates: `P`.
        roles: the number of entity labels: 2, subjects and objects, or 1, both together.
        with_tail: whether there is a `tail` output.

    Attributes:
        arrays: the dtype and shape of each label.

    Example:

    >>> labels = GPLinkerTargets(2)([np.array([[1, 4, 0, 6, 8]])], np.ones([1, 16]), None)
    >>> labels["head"].tolist()
    [[[[1, 6]], [[0, 0]]]]
    """

    def __init__(self, num_predicates: int, roles: int = 2, with_tail: bool = True) -> None:
        super().__init__(num_predicates)
        self.roles = roles
        self.with_tail = with_tail
        labels = {"entity": roles, "head": num_predicates, "tail": num_predicates}
        if not with_tail:
            del labels["tail"]
        self.arrays = {name: (np.int32, (None, count, None, 2)) for name, count in labels.items()}

    def __call__(
        self, quintuples: Sequence[np.ndarray], token_ids: np.ndarray, random: Any
    ) -> dict[str, np.ndarray]:
        """Return the labels for int `[N, 5]` of each text; `random` is not used.

        Raises:
            ValueError: a label lies outside its text.
        """
        expect_inside(quintuples, token_ids, self.num_predicates)
        return pair_targets(quintuples, self.num_predicates, self.roles, self.with_tail)

    def decoded(self, quintuples: np.ndarray, length: int) -> set[Quintuple]:
        """Return what a model finds in a text if exactly the labels score above 0.

        If two triples share ends, or one label covers both roles, extra triples may result.

        Args:
            quintuples: int `[N, 5]` of the text.
            length: the number of tokens.

        Example:

        >>> rows = np.array([[1, 2, 0, 4, 5], [1, 3, 0, 4, 6]])
        >>> len(GPLinkerTargets(1).decoded(rows, 8))
        2
        >>> len(GPLinkerTargets(1, with_tail=False).decoded(rows, 8))  # one start, two ends
        4
        """
        rows = list(map(tuple, quintuples.tolist()))
        subjects, objects = inner_spans(rows, length)
        if self.roles == 1:
            subjects = objects = subjects | objects
        tail = links_of(rows, 1) if self.with_tail else None
        return linked(subjects, objects, links_of(rows, 0), tail)


def pair_targets(
    quintuples: Sequence[np.ndarray], num_predicates: int, roles: int = 2, with_tail: bool = True
) -> dict[str, np.ndarray]:
    """Return the positive pairs of a batch for each output of GPLinker.

    Args:
        quintuples: int `[N, 5]` for each text.
        num_predicates: `P`.
        roles: the number of entity labels: 2, subjects and objects, or 1, both together.
        with_tail: whether there is a `tail` output.

    Returns:
        `entity` int32 `[B, 2, K, 2]` or `[B, 1, K, 2]`, `head` and `tail` int32 `[B, P, K, 2]`:
        distinct pairs, padded with (0, 0).

    Example:

    >>> labels = pair_targets([np.array([[1, 4, 0, 6, 8]]), np.zeros([0, 5], int)], 2)
    >>> labels["head"].tolist()
    [[[[1, 6]], [[0, 0]]], [[[0, 0]], [[0, 0]]]]
    """
    sizes = {"entity": roles, "head": num_predicates}
    if with_tail:
        sizes["tail"] = num_predicates
    return {
        output: _padded(*pairs_of(quintuples, output, roles), len(quintuples), labels)
        for output, labels in sizes.items()
    }


def _padded(
    text: np.ndarray, label: np.ndarray, pair: np.ndarray, texts: int, labels: int
) -> np.ndarray:
    """Pad pairs `[M, 2]`, sorted by text and label, to int32 `[B, H, K, 2]`."""
    padded = padded_rows(pair, text * labels + label, texts * labels)
    return padded.reshape(texts, labels, -1, 2)
