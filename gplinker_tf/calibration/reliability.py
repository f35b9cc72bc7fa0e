"""Reliability of probabilities: of triples with probability 0.8, are 80 % right?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: Probabilities are compared in tenths.
BINS = 10


class Reliability(NamedTuple):
    """Probabilities against what came true, by tenths of the probability.

    Args:
        triples: int64 `[10]`, how many are in each tenth.
        probability: float64 `[10]`, their mean probability; 0 where there is none.
        correct: float64 `[10]`, the share of them that is right; 0 where there is none.
    """

    triples: np.ndarray
    probability: np.ndarray
    correct: np.ndarray

    @property
    def error(self) -> float:
        """The expected calibration error: how far the two are apart, on average over triples.

        Source: Naeini et al., Obtaining well calibrated probabilities using Bayesian binning, 2015.
        """
        apart = self.triples * np.abs(self.probability - self.correct)
        return float(apart.sum() / max(self.triples.sum(), 1))

    def __repr__(self) -> str:
        return f"Reliability(error {self.error:.4f}, {self.triples.sum():,} triples)"


def reliability(probability: np.ndarray, correct: np.ndarray) -> Reliability:
    """Compares probabilities with what came true.

    Args:
        probability: `[N]`, of each triple.
        correct: bool `[N]`, whether each is right.

    Returns:
        The comparison, by tenths.

    Example:

    >>> table = reliability(np.array([0.85, 0.87, 0.1]), np.array([True, True, False]))
    >>> int(table.triples[8]), round(table.error, 3)
    (2, 0.127)
    """
    bins = np.minimum((np.asarray(probability) * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    sums = (np.bincount(bins, values, BINS) for values in (probability, correct))
    return Reliability(count, *(total / np.maximum(count, 1) for total in sums))
