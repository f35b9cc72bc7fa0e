"""Decoding of the best label path of a text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np


class ViterbiDecoder:
    """A decoder that finds the label path with the highest score:

        argmax over y of sum_t nodes[t, y_t] + sum_t trans[y_t, y_t+1]

    Scripts subclass it, and set `trans` to the weights of `ConditionalRandomField` after each
    epoch.

    Args:
        trans: `[K, K]`, from one label to the next.
        starts: the labels that the first token may have; any if not given.
        ends: the labels that the last token may have; any if not given.

    Example:

    >>> decoder = ViterbiDecoder(np.array([[0.0, -9.0], [0.0, 0.0]]), starts=[0])
    >>> decoder.decode(np.array([[0.0, 5.0], [0.0, 1.0], [0.0, 1.0]])).tolist()
    [0, 0, 0]

    Source: bert4keras 0.11.5, `snippets.ViterbiDecoder`.
    """

    def __init__(
        self, trans: Any, starts: Collection[int] | None = None, ends: Collection[int] | None = None
    ) -> None:
        self.trans = trans
        self.num_labels = len(trans)
        self.non_starts = self._others(starts)
        self.non_ends = self._others(ends)

    def _others(self, allowed: Collection[int] | None) -> list[int]:
        if allowed is None:
            return []
        return [label for label in range(self.num_labels) if label not in allowed]

    def decode(self, nodes: Any) -> np.ndarray:
        """Return the labels of a text's tokens, `[L]`.

        Args:
            nodes: the scores of the tokens, `[L, K]`. They are not changed.

        Raises:
            ValueError: there are no tokens, or the number of labels is wrong.
        """
        nodes = np.asarray(nodes) * 1.0
        if nodes.ndim != 2 or not len(nodes) or nodes.shape[1] != self.num_labels:
            raise ValueError(
                f"Expected scores of shape [tokens, {self.num_labels}] for at least one token. "
                f"Received: nodes of shape {list(nodes.shape)}."
            )
        nodes[0, self.non_starts] = nodes[-1, self.non_ends] = -np.inf
        trans = np.asarray(self.trans)
        scores, before = nodes[0], []
        for node in nodes[1:]:
            reached = scores[:, None] + trans + node
            before.append(reached.argmax(axis=0))
            scores = reached.max(axis=0)
        path = [scores.argmax()]
        for best in reversed(before):
            path.append(best[path[-1]])
        return np.array(path[::-1])
