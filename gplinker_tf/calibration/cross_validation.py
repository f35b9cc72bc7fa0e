"""Cross-validation of a way to choose thresholds, on texts not used to choose them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gplinker_tf.calibration.found_triples import FoundTriples
from gplinker_tf.calibration.threshold_counts import ThresholdCounts, threshold_counts
from gplinker_tf.metrics import ScoreCounts

FOLDS, SEED = 5, 8888

#: How many of the five folds must gain before a finer choice of thresholds is used.
GAINS = 4

#: Maps counts to the grid indices of the thresholds, `[P]`.
Choose = Callable[[ThresholdCounts], np.ndarray]


def folds_of(texts: int) -> np.ndarray:
    """Return the fold of each text, int64 `[B]`: random folds of nearly equal sizes.

    Args:
        texts: the number of texts, `B`.

    Example:

    >>> np.bincount(folds_of(12)).tolist()
    [3, 3, 2, 2, 2]
    """
    return np.random.default_rng(SEED).permutation(texts) % FOLDS


def out_of_fold(
    found: FoundTriples, thresholds: np.ndarray, folds: np.ndarray, choose: Choose
) -> list[ScoreCounts]:
    """Return the scores of each fold at thresholds chosen on the other folds.

    Args:
        found: the triples of all texts.
        thresholds: `[T]`, the grid.
        folds: int `[B]`, the fold of each text.
        choose: a function from counts to the grid indices of the thresholds.

    Returns:
        The scores, one per fold.

    Example:

    >>> found = FoundTriples(np.array([0, 1]), np.array([0, 0]), np.array([0.5, 0.5]),
    ...     np.array([True, True]), np.array([[1], [1]]))
    >>> out_of_fold(found, np.array([0.0, 1.0]), np.array([0, 1]), lambda counts: np.array([0]))
    [ScoreCounts(correct=1, found=1, annotated=1), ScoreCounts(correct=1, found=1, annotated=1)]
    """
    scores = []
    for fold in np.unique(folds):
        places = choose(threshold_counts(found, thresholds, folds != fold))
        scores.append(scores_at(threshold_counts(found, thresholds, folds == fold), places))
    return scores


def scores_at(counts: ThresholdCounts, places: np.ndarray) -> ScoreCounts:
    """Return the scores with a separate threshold for each predicate.

    Args:
        counts: the counts of the texts to score.
        places: int `[P]`, the grid index of each predicate's threshold.

    Example:

    >>> counts = ThresholdCounts(np.array([0.0, 1.0]), np.array([[3, 2]]), np.array([[4, 2]]),
    ...     np.array([5]))
    >>> scores_at(counts, np.array([1]))
    ScoreCounts(correct=2, found=2, annotated=5)
    """
    rows = np.arange(len(places))
    correct, found = counts.correct[rows, places].sum(), counts.found[rows, places].sum()
    return ScoreCounts(int(correct), int(found), int(counts.annotated.sum()))


def gains(scores: Sequence[ScoreCounts], other: Sequence[ScoreCounts]) -> bool:
    """Return whether F1 is higher in total and in nearly every fold, so hardly by chance.

    Args:
        scores: the scores of each fold, with one choice of thresholds.
        other: the same, with a simpler choice.

    Example:

    >>> good, better = ScoreCounts(5, 10, 10), ScoreCounts(6, 10, 10)
    >>> gains([better] * 5, [good] * 5), gains([better] * 3 + [good] * 2, [good] * 5)
    (True, False)
    """
    higher = sum(new.f1 > old.f1 for new, old in zip(scores, other, strict=True))
    return total(scores).f1 > total(other).f1 and higher >= GAINS


def total(scores: Sequence[ScoreCounts]) -> ScoreCounts:
    """Return the scores of all folds together."""
    return sum(scores, ScoreCounts())
