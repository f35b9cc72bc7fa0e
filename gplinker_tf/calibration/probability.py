"""The probability that a found triple is right: a logistic curve over its lowest score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gplinker_tf._counted import counted

#: Strength of the L2 penalty on the slope, for scores of standard deviation 1: it keeps the slope
#: finite if the scores separate right from wrong.
RIDGE = 1.0

#: The same for the shifts of predicates: those of rare predicates stay near 0.
SHIFT_RIDGE = 3.0

#: Maximum number of Newton steps; it converges in about ten.
STEPS = 50


@dataclass(frozen=True)
class ProbabilityModel:
    """Computes the probability that a triple is right from its lowest score and its predicate.

        p = 1 / (1 + exp(-(intercept + slope * lowest_score + shift of the predicate)))

    A triple is only as certain as its weakest term: the sum of all terms adds hardly any
    information (docs/thresholds.md).

    Args:
        intercept: the log-odds at a lowest score of 0.
        slope: the increase in log-odds per unit of score.
        shifts: the increase in log-odds by predicate; 0 for other predicates.

    Example:

    >>> model = ProbabilityModel(intercept=0.5, slope=1.0, shifts={"主演": -1.0})
    >>> model([-0.5, 1.0, 1.0], ["导演", "导演", "主演"]).round(3).tolist()
    [0.5, 0.818, 0.622]

    Source: Platt, Probabilistic outputs for support vector machines, 1999, without the shifts.
    """

    intercept: float
    slope: float
    shifts: Mapping[str, float] = field(default_factory=dict)

    def __call__(
        self, lowest: np.ndarray | Sequence[float], predicates: Sequence[str]
    ) -> np.ndarray:
        """Return the probabilities, float64 `[N]`.

        Args:
            lowest: `[N]`, the lowest score of each triple.
            predicates: `[N]`, the predicate of each triple.
        """
        shifts = np.array([self.shifts.get(name, 0.0) for name in predicates])
        return _sigmoid(self.intercept + self.slope * np.asarray(lowest, np.float64) + shifts)

    @classmethod
    def fit(
        cls, lowest: np.ndarray, predicates: Sequence[str], correct: np.ndarray
    ) -> ProbabilityModel:
        """Fit a model by maximum likelihood, with small penalties.

        Args:
            lowest: `[N]`, the lowest score of each triple.
            predicates: `[N]`, the predicate of each triple.
            correct: bool `[N]`, whether each triple is right.

        Example:

        >>> scores = np.array([-2.0, -1.0, 1.0, 2.0])
        >>> model = ProbabilityModel.fit(scores, ["主演"] * 4, scores > 0)
        >>> model(scores, ["主演"] * 4).round(2).tolist()
        [0.35, 0.42, 0.58, 0.65]
        """
        scores = np.asarray(lowest, np.float64)
        if not len(scores):
            return cls(0.0, 0.0)
        mean, scale = scores.mean(), scores.std() or 1.0
        names, labels = np.unique(np.asarray(predicates, object).astype(str), return_inverse=True)
        (intercept, slope), shifts = _newton((scores - mean) / scale, labels, _smoothed(correct))
        return cls(
            float(intercept - slope * mean / scale),
            float(slope / scale),
            dict(zip(names.tolist(), shifts.tolist(), strict=True)),
        )

    def __repr__(self) -> str:
        shifts = f", {counted(len(self.shifts), 'shift')}" if self.shifts else ""
        return f"ProbabilityModel({self.intercept:.4f}, {self.slope:.4f}{shifts})"


def _smoothed(correct: np.ndarray) -> np.ndarray:
    """Return Platt's targets, slightly off 0 and 1, to avoid certainty from a few right triples."""
    right = np.count_nonzero(correct)
    wrong = len(correct) - right
    return np.where(correct, (right + 1) / (right + 2), 1 / (wrong + 2))


def _newton(
    scores: np.ndarray, labels: np.ndarray, targets: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fit intercept and slope `[2]` and shifts `[K]` by Newton's method with step halving."""
    inputs = np.stack([np.ones_like(scores), scores])
    ridge = np.array([0.0, RIDGE])

    def log_odds(line: np.ndarray, shifts: np.ndarray) -> np.ndarray:
        return line @ inputs + shifts[labels]

    def loss_of(line: np.ndarray, shifts: np.ndarray) -> float:
        odds = log_odds(line, shifts)
        penalty = ridge @ line**2 + SHIFT_RIDGE * shifts @ shifts
        return float((np.logaddexp(0, odds) - targets * odds).sum() + penalty / 2)

    line, shifts = np.zeros(2), np.zeros(labels.max() + 1)
    loss = loss_of(line, shifts)
    for _ in range(STEPS):
        step, shift_step = _newton_step(
            inputs, labels, _sigmoid(log_odds(line, shifts)), targets, line, shifts
        )
        # A full step may overshoot where the curve is flat.
        while loss_of(line - step, shifts - shift_step) > loss and np.abs(step).max() > 1e-12:
            step, shift_step = step / 2, shift_step / 2
        line, shifts, before = line - step, shifts - shift_step, loss
        loss = loss_of(line, shifts)
        if before - loss < 1e-12:
            break
    return line, shifts


def _newton_step(
    inputs: np.ndarray,
    labels: np.ndarray,
    probability: np.ndarray,
    targets: np.ndarray,
    line: np.ndarray,
    shifts: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the Newton step without forming the Hessian of the shifts, which is diagonal."""

    def by_label(values: np.ndarray) -> np.ndarray:
        return np.bincount(labels, values, len(shifts))

    error, weight = probability - targets, probability * (1 - probability)
    gradient = inputs @ error + [0.0, RIDGE] * line
    shift_gradient = by_label(error) + SHIFT_RIDGE * shifts
    own = (inputs * weight) @ inputs.T + np.diag([0.0, RIDGE])
    mixed = np.stack([by_label(row * weight) for row in inputs])
    diagonal = by_label(weight) + SHIFT_RIDGE
    reduced = own - (mixed / diagonal) @ mixed.T
    step = np.linalg.solve(reduced, gradient - mixed @ (shift_gradient / diagonal))
    return step, (shift_gradient - step @ mixed) / diagonal


def _sigmoid(log_odds: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(log_odds / 2)
