"""A check that the labels of a batch lie inside its texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def expect_inside(
    quintuples: Sequence[np.ndarray], token_ids: np.ndarray, num_predicates: int
) -> None:
    """Check labels before arrays are made from them.

    Args:
        quintuples: int `[N, 5]` for each text, as returned by `TripleAligner`.
        token_ids: `[B, L]`, 0 pads.
        num_predicates: `P`.

    Raises:
        ValueError: a span or a predicate is out of range, or a span ends before it starts; the
            message names the text in the batch and the quintuple.

    Example:

    >>> expect_inside([np.array([[1, 9, 0, 2, 2]])], np.array([[2, 7, 8, 3]]), 1)
    Traceback (most recent call last):
    ValueError: Expected tokens below 4, predicates below 1. Received: [1, 9, 0, 2, 2] in text 0.
    """
    rows = np.concatenate([np.zeros([0, 5], np.int32), *quintuples])
    text = np.repeat(np.arange(len(quintuples)), [len(found) for found in quintuples])
    tokens = np.count_nonzero(token_ids, axis=1)
    subject_start, subject_end, predicate, object_start, object_end = rows.T
    right = (predicate >= 0) & (predicate < num_predicates)
    for start, end in ((subject_start, subject_end), (object_start, object_end)):
        right &= (start >= 0) & (start <= end) & (end < tokens[text])
    if not right.all():
        wrong = int(np.argmin(right))
        raise ValueError(
            f"Expected tokens below {tokens[text[wrong]]}, predicates below {num_predicates}. "
            f"Received: {rows[wrong].tolist()} in text {text[wrong]}."
        )
