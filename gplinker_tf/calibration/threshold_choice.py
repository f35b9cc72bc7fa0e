"""The choice of thresholds: for F1, one for all or one per predicate, or for a precision."""

from __future__ import annotations

import math

import numpy as np

from gplinker_tf.calibration.threshold_counts import ThresholdCounts

#: How many annotated triples of all predicates, in their proportions, are added to the counts of a
#: predicate when its threshold is chosen; with infinitely many, all predicates share one threshold.
SHARED = (math.inf, 100.0, 30.0, 10.0)

#: The one-sided 95 % confidence level in standard deviations.
SURE = 1.645

ROUNDS = 20


def best_thresholds(counts: ThresholdCounts, shared: float) -> np.ndarray:
    """Return the grid indices `[P]` of the thresholds that give the best F1.

    With F1 = 2C / (F + A), the best threshold of a predicate p maximizes C_p - F1/2 * F_p.
    `shared` annotated triples of all predicates are added to its own counts, so that a rare
    predicate stays close to the common threshold.

    Args:
        counts: the counts of the texts used to choose them.
        shared: the number of triples to add, one of `SHARED` or any other.

    Example:

    >>> grid = np.array([-1.0, 0.0, 1.0])
    >>> counts = ThresholdCounts(grid, np.array([[9, 8, 2], [3, 3, 3]]),
    ...     np.array([[10, 8, 2], [9, 6, 3]]), np.array([10, 4]))
    >>> best_thresholds(counts, math.inf).tolist(), best_thresholds(counts, 0.0).tolist()
    ([1, 1], [0, 2])
    """
    grid = counts.thresholds
    f1 = counts.f1()
    common = _nearest_to_zero(f1, grid)
    chosen = np.full(len(counts.annotated), common)
    annotated = counts.annotated.sum()
    if math.isinf(shared) or not annotated:
        return chosen
    share = shared / annotated
    correct = counts.correct + share * counts.correct.sum(axis=0)
    found = counts.found + share * counts.found.sum(axis=0)
    best = f1[common]
    rows = np.arange(len(chosen))
    for _ in range(ROUNDS):
        gains = correct - best / 2 * found
        chosen = np.array([_nearest_to_zero(row, grid) for row in gains])
        before, whole = best, counts.found[rows, chosen].sum() + annotated
        best = 2 * counts.correct[rows, chosen].sum() / whole
        if abs(best - before) < 1e-12:
            break
    return chosen


def _nearest_to_zero(values: np.ndarray, grid: np.ndarray) -> int:
    """Return the index of the greatest value; among equals, the one with threshold nearest to 0."""
    best = np.flatnonzero(values >= values.max() - 1e-12)
    return int(best[np.argmin(np.abs(grid[best]))])


def precision_bound(counts: ThresholdCounts) -> np.ndarray:
    """Return the lower bound of precision at each threshold, with 95 % confidence, float64 `[T]`.

    Args:
        counts: the counts of the texts used to measure it.

    Example:

    >>> correct, found = np.array([[95]]), np.array([[100]])
    >>> counts = ThresholdCounts(np.array([0.0]), correct, found, annotated=np.array([120]))
    >>> precision_bound(counts).round(3).tolist()
    [0.901]

    Source: Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    found = np.maximum(counts.found.sum(axis=0), 1)
    share = counts.correct.sum(axis=0) / found
    square = SURE**2 / found
    spread = SURE * np.sqrt(share * (1 - share) / found + square / (4 * found))
    return (share + square / 2 - spread) / (1 + square)


def threshold_for_precision(counts: ThresholdCounts, precision: float) -> int | None:
    """Return the index of the lowest threshold with enough precision, with 95 % confidence.

    Args:
        counts: the counts of the texts used to choose it.
        precision: the required precision.

    Returns:
        The index in the grid, or `None` if no threshold reaches it.

    Example:

    >>> counts = ThresholdCounts(np.array([-1.0, 0.0]), np.array([[96, 95]]),
    ...     np.array([[120, 100]]), np.array([100]))
    >>> threshold_for_precision(counts, 0.9), threshold_for_precision(counts, 0.99)
    (1, None)
    """
    enough = np.flatnonzero(precision_bound(counts) >= precision)
    return int(enough[0]) if len(enough) else None
