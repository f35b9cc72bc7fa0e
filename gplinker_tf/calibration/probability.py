"""The probability that a found triple is right: a logistic curve over its lowest score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Strength of the L2 penalty on the slope, for scores of standard deviation 1: it keeps the slope
#: finite where the scores separate right from wrong.
RIDGE = 1.0

#: Newton steps at most; it converges in about ten.
STEPS = 50


@dataclass(frozen=True)
class ProbabilityModel:
    """Computes the probability that a triple is right from the lowest of its scores.

        p = 1 / (1 + exp(-(intercept + slope * lowest_score)))

    A triple is as sure as the weakest of its terms: the sum of all terms adds nothing to it
    (docs/thresholds.md).

    Args:
        intercept: the log-odds at a lowest score of 0.
        slope: what they gain per unit of the score.

    Example:

    >>> model = ProbabilityModel(intercept=0.5, slope=1.0)
    >>> model(np.array([-0.5, 1.0])).round(3).tolist()
    [0.5, 0.818]

    Source: Platt, Probabilistic outputs for support vector machines, 1999.
    """

    intercept: float
    slope: float

    def __call__(self, lowest: np.ndarray | float) -> np.ndarray:
        """The probabilities, float64 `[N]`.

        Args:
            lowest: `[N]`, the lowest score of each triple.
        """
        return _sigmoid(self.intercept + self.slope * np.asarray(lowest, np.float64))

    @classmethod
    def fit(cls, lowest: np.ndarray, correct: np.ndarray) -> ProbabilityModel:
        """The curve that makes the outcomes most likely, with a small penalty on its slope.

        Args:
            lowest: `[N]`, the lowest score of each triple.
            correct: bool `[N]`, whether each triple is right.

        Example:

        >>> scores = np.array([-2.0, -1.0, 1.0, 2.0])
        >>> model = ProbabilityModel.fit(scores, scores > 0)
        >>> model(scores).round(2).tolist()
        [0.35, 0.42, 0.58, 0.65]
        """
        scores = np.asarray(lowest, np.float64)
        if not len(scores):
            return cls(0.0, 0.0)
        mean, scale = scores.mean(), scores.std() or 1.0
        standard = (scores - mean) / scale
        inputs = np.stack([np.ones_like(standard), standard], axis=1)
        intercept, slope = _newton(inputs, _smoothed(np.asarray(correct, bool)))
        return cls(float(intercept - slope * mean / scale), float(slope / scale))


def _smoothed(correct: np.ndarray) -> np.ndarray:
    """Platt's targets: a little off 0 and 1, so that a few right triples are not taken for sure."""
    right = np.count_nonzero(correct)
    wrong = len(correct) - right
    return np.where(correct, (right + 1) / (right + 2), 1 / (wrong + 2))


def _newton(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    penalty = np.diag([0.0, RIDGE])

    def loss_of(weights: np.ndarray) -> float:
        log_odds = inputs @ weights
        losses = np.logaddexp(0, log_odds) - targets * log_odds
        return float(losses.sum() + weights @ penalty @ weights / 2)

    weights = np.zeros(2)
    loss = loss_of(weights)
    for _ in range(STEPS):
        probability = _sigmoid(inputs @ weights)
        gradient = inputs.T @ (probability - targets) + penalty @ weights
        curvature = inputs.T @ (inputs * (probability * (1 - probability))[:, None]) + penalty
        step = np.linalg.solve(curvature, gradient)
        # A full step may overshoot where the curve is flat.
        while loss_of(weights - step) > loss and np.abs(step).max() > 1e-12:
            step /= 2
        before, weights = loss, weights - step
        loss = loss_of(weights)
        if before - loss < 1e-12:
            break
    return weights


def _sigmoid(log_odds: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(log_odds / 2)
