"""Token pairs of several texts: collected from quintuples, and padded to arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def pairs_of(
    quintuples: Sequence[np.ndarray], output: str, roles: int = 2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the distinct positive pairs of several texts for one output.

    Args:
        quintuples: int `[N, 5]` for each text.
        output: `"entity"`, `"head"` or `"tail"`.
        roles: the number of entity labels: 2, subjects and objects, or 1, both together.

    Returns:
        int arrays `[M]`, `[M]` and `[M, 2]`: text, label and pair, sorted in this order.
    """
    text = np.repeat(np.arange(len(quintuples)), [len(rows) for rows in quintuples])
    rows = np.concatenate(quintuples) if len(text) else np.zeros([0, 5], np.int32)
    subject_start, subject_end, predicate, object_start, object_end = rows.T
    if output == "entity":
        role = np.repeat([0, roles - 1], len(text))
        cells = [np.tile(text, 2), role, rows[:, [0, 3]].T.ravel(), rows[:, [1, 4]].T.ravel()]
    elif output == "head":
        cells = [text, predicate, subject_start, object_start]
    else:
        cells = [text, predicate, subject_end, object_end]
    shape = [column.max(initial=0) + 1 for column in cells]
    distinct = np.unique(np.ravel_multi_index(cells, shape))
    text, label, first, second = np.unravel_index(distinct, shape)
    return text, label, np.stack([first, second], axis=1)


def padded_rows(rows: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Pad rows `[M, C]`, sorted by group, to int32 `[groups, K, C]` with 0; K is a power of two.

    Example:

    >>> padded_rows(np.array([[5, 6], [7, 8], [9, 9]]), np.array([0, 2, 2]), 3).tolist()
    [[[5, 6], [0, 0]], [[0, 0], [0, 0]], [[7, 8], [9, 9]]]
    """
    count = np.bincount(group, minlength=groups)
    place = np.arange(len(group)) - (np.cumsum(count) - count)[group]
    # With few distinct K, few distinct shapes reach the graph.
    most = 1 << int(max(count.max(initial=1), 1) - 1).bit_length()
    padded = np.zeros([groups, most, rows.shape[1]], np.int32)
    padded[group, place] = rows
    return padded
