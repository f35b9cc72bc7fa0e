"""Reliability of probabilities: are 80 % of the triples with probability 0.8 right?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: The number of bins: probabilities are compared in tenths.
BINS = 10


class Reliability(NamedTuple):
    """Probabilities compared with the share of triples that is right, in ten bins.

    Args:
        triples: int64 `[10]`, the number of triples in each bin.
        probability: float64 `[10]`, their mean probability; 0 if there are none.
        correct: float64 `[10]`, the share of them that is right; 0 if there are none.
    """

    triples: np.ndarray
    probability: np.ndarray
    correct: np.ndarray

    @property
    def error(self) -> float:
        """The expected calibration error: `|probability - correct|`, averaged over the triples.

        Source: Naeini et al., Obtaining well calibrated probabilities using Bayesian binning, 2015.
        """
        apart = self.triples * np.abs(self.probability - self.correct)
        return float(apart.sum() / max(self.triples.sum(), 1))

    def __repr__(self) -> str:
        return f"Reliability(error {self.error:.4f}, {self.triples.sum():,} triples)"


def reliability(probability: np.ndarray, correct: np.ndarray) -> Reliability:
    """Compare probabilities with the share of triples that is right.

    Args:
        probability: `[N]`, the probability of each triple.
        correct: bool `[N]`, whether each triple is right.

    Returns:
        The comparison, in ten bins.

    Example:

    >>> table = reliability(np.array([0.85, 0.87, 0.1]), np.array([True, True, False]))
    >>> int(table.triples[8]), round(table.error, 3)
    (2, 0.127)
    """
    bins = np.minimum((np.asarray(probability) * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    sums = (np.bincount(bins, values, BINS) for values in (probability, correct))
    return Reliability(count, *(total / np.maximum(count, 1) for total in sums))
