"""The probability that a found triple is right: a logistic regression of its scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Strength of the L2 penalty on standardized weights, which keeps them finite where the scores
#: separate right from wrong.
RIDGE = 1.0

#: Newton's steps; it converges in fewer than ten.
STEPS = 50


@dataclass(frozen=True)
class ProbabilityModel:
    """Computes the probability that a triple is right from its scores.

        p = sigmoid(intercept + score_weight * score + lowest_weight * lowest_score)

    Args:
        intercept: the log-odds where both scores are 0.
        score_weight: weight of the triple's score, the sum of its terms.
        lowest_weight: weight of the lowest of the terms.

    Example:

    >>> model = ProbabilityModel(-1.0, 0.1, 0.5)
    >>> model(np.array([10.0]), np.array([2.0])).round(3).tolist()
    [0.731]

    Source: Platt, Probabilistic outputs for support vector machines, 1999, with two scores.
    """

    intercept: float
    score_weight: float
    lowest_weight: float

    def __call__(self, score: np.ndarray | float, lowest: np.ndarray | float) -> np.ndarray:
        """The probabilities, float64 `[N]`.

        Args:
            score: `[N]`, sums of the terms.
            lowest: `[N]`, the lowest of the terms.
        """
        log_odds = self.intercept + self.score_weight * np.asarray(score, np.float64)
        return _sigmoid(log_odds + self.lowest_weight * np.asarray(lowest, np.float64))

    @classmethod
    def fit(cls, score: np.ndarray, lowest: np.ndarray, correct: np.ndarray) -> ProbabilityModel:
        """The model that makes the outcomes most likely, with a small penalty on its weights.

        Args:
            score: `[N]`, sums of the terms.
            lowest: `[N]`, the lowest of the terms.
            correct: bool `[N]`, whether each triple is right.

        Example:

        >>> scores = np.array([1.0, 2.0, 3.0, 4.0])
        >>> model = ProbabilityModel.fit(scores, scores / 4, scores > 2)
        >>> bool(model(4.0, 1.0) > 0.6 > 0.4 > model(1.0, 0.25))
        True
        """
        features = np.stack([score, lowest], axis=1).astype(np.float64)
        if not len(features):
            return cls(0.0, 0.0, 0.0)
        mean, scale = features.mean(axis=0), features.std(axis=0)
        scale[scale == 0] = 1.0
        inputs = np.concatenate([np.ones([len(features), 1]), (features - mean) / scale], axis=1)
        intercept, *weights = _newton(inputs, _smoothed(correct))
        score_weight, lowest_weight = weights / scale
        intercept -= mean @ (weights / scale)
        return cls(float(intercept), float(score_weight), float(lowest_weight))


def _smoothed(correct: np.ndarray) -> np.ndarray:
    """Platt's targets: a little off 0 and 1, the fewer there are, so that all right is not sure."""
    right = np.count_nonzero(correct)
    wrong = len(correct) - right
    return np.where(correct, (right + 1) / (right + 2), 1 / (wrong + 2))


def _newton(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    penalty = np.diag([0.0, *[RIDGE] * (inputs.shape[1] - 1)])
    weights = np.zeros(inputs.shape[1])
    loss = _loss(weights, inputs, targets, penalty)
    for _ in range(STEPS):
        probability = _sigmoid(inputs @ weights)
        gradient = inputs.T @ (probability - targets) + penalty @ weights
        curvature = inputs.T @ (inputs * (probability * (1 - probability))[:, None]) + penalty
        step = np.linalg.solve(curvature, gradient)
        # A full step can overshoot where the curve is flat: halved until the loss falls.
        while (new := _loss(weights - step, inputs, targets, penalty)) > loss:
            step /= 2
            if np.abs(step).max() < 1e-10:
                return weights
        weights, gain, loss = weights - step, loss - new, new
        if gain < 1e-10:
            break
    return weights


def _loss(
    weights: np.ndarray, inputs: np.ndarray, targets: np.ndarray, penalty: np.ndarray
) -> float:
    log_odds = inputs @ weights
    likelihood = np.logaddexp(0, log_odds) - targets * log_odds
    return float(likelihood.sum() + weights @ penalty @ weights / 2)


def _sigmoid(log_odds: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(log_odds / 2)
