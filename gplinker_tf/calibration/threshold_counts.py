"""How many triples are found, and how many of them are right, at each threshold of a grid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.calibration.found_triples import FoundTriples

#: Thresholds per unit of score.
PER_UNIT = 10


class ThresholdCounts(NamedTuple):
    """Counts of each predicate at each threshold.

    Args:
        thresholds: float64 `[T]`, ascending, including 0.
        correct: int64 `[P, T]`, the triples both found and annotated.
        found: int64 `[P, T]`, the triples found.
        annotated: int64 `[P]`, the triples annotated.
    """

    thresholds: np.ndarray
    correct: np.ndarray
    found: np.ndarray
    annotated: np.ndarray

    def __repr__(self) -> str:
        return shapes_repr(self)

    def f1(self) -> np.ndarray:
        """Return F1 over all predicates at each threshold, float64 `[T]`; 0 if it is undefined."""
        whole = self.found.sum(axis=0) + self.annotated.sum()
        return 2 * self.correct.sum(axis=0) / np.maximum(whole, 1)


def threshold_grid(floor: float, lowest: np.ndarray) -> np.ndarray:
    """Return thresholds in steps of a tenth, from `floor` up to one that no triple exceeds.

    Args:
        floor: the threshold at which the triples were found, 0 or below.
        lowest: `[N]`, their lowest scores.

    Returns:
        The thresholds, float64 `[T]`.

    Example:

    >>> threshold_grid(-0.2, np.array([0.15, -0.1])).tolist()
    [-0.2, -0.1, 0.0, 0.1, 0.2]
    """
    top = max(float(lowest.max(initial=0.0)), 0.0)
    first, last = round(floor * PER_UNIT), int(np.ceil(top * PER_UNIT))
    return np.arange(first, last + 1) / PER_UNIT


def threshold_counts(
    found: FoundTriples, thresholds: np.ndarray, texts: np.ndarray
) -> ThresholdCounts:
    """Count found and annotated triples in some of the texts.

    Args:
        found: the triples of all texts.
        thresholds: `[T]`, ascending.
        texts: bool `[B]`, which texts to count.

    Returns:
        The exact counts at each threshold: a triple counts as found if its lowest score exceeds
        the threshold.

    Example:

    >>> found = FoundTriples(np.array([0, 0]), np.array([0, 0]), np.array([0.5, -0.5]),
    ...     np.array([True, False]), np.array([[1]]))
    >>> counts = threshold_counts(found, np.array([-1.0, 0.0, 1.0]), np.array([True]))
    >>> counts.found.tolist(), counts.correct.tolist(), counts.f1().round(2).tolist()
    ([[2, 1, 0]], [[1, 1, 0]], [0.67, 1.0, 0.0])
    """
    predicates, size = found.annotated.shape[1], len(thresholds)

    def at_each(chosen: np.ndarray) -> np.ndarray:
        # A triple is found at the first thresholds, those below its lowest score.
        below = np.searchsorted(thresholds, found.lowest[chosen], side="left")
        cells = found.predicate[chosen] * (size + 1) + below
        counts = np.bincount(cells, minlength=predicates * (size + 1))
        counts = counts.reshape(predicates, size + 1)
        return counts[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]

    chosen = texts[found.text]
    annotated = found.annotated[texts].sum(axis=0)
    return ThresholdCounts(thresholds, at_each(chosen & found.correct), at_each(chosen), annotated)
