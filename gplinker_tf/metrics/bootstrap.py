"""A bootstrap over texts: how much F1 would vary on other texts of the same kind."""

from __future__ import annotations

import numpy as np

RESAMPLES, SEED, LEVEL = 10_000, 8888, 0.95

#: How many drawn texts are in memory at once.
DRAWS = 2**22


def bootstrap_f1(counts: np.ndarray, resamples: int = RESAMPLES, seed: int = SEED) -> np.ndarray:
    """Return the F1 of each run on resamples of the texts, of the same size, with replacement.

    The F1 of a resample is computed from its total counts, `2 correct / (found + annotated)`, or 0
    if that is undefined. Each resample has the same texts for all runs, so that differences
    between columns are paired differences.

    Args:
        counts: int `[R, N, 3]`, the `text_counts` of each run on the same `N` texts.
        resamples: the number of resamples.
        seed: the random seed.

    Returns:
        The F1 scores, float64 `[resamples, R]`.

    Example:

    >>> sure = np.array([[[2, 2, 2], [1, 1, 1]]])
    >>> bootstrap_f1(sure, resamples=3).tolist()
    [[1.0], [1.0], [1.0]]

    Source: Efron, Bootstrap methods, 1979; paired as in Koehn, Statistical significance tests for
    machine translation evaluation, 2004.
    """
    random = np.random.default_rng(seed)
    texts = counts.shape[1]
    halves = np.stack([2 * counts[..., 0], counts[..., 1] + counts[..., 2]], axis=-1)
    columns = halves.transpose(1, 2, 0).reshape(texts, -1).astype(np.float64)
    at_once = max(1, DRAWS // texts)
    parts = []
    for first in range(0, resamples, at_once):
        rows = min(at_once, resamples - first)
        drawn = random.integers(0, texts, [rows, texts])
        drawn += texts * np.arange(rows)[:, None]
        times = np.bincount(drawn.ravel(), minlength=rows * texts).reshape(rows, texts)
        parts.append(times @ columns)
    twice, whole = np.concatenate(parts).reshape(resamples, 2, -1).transpose(1, 0, 2)
    return np.divide(twice, whole, out=np.zeros_like(twice), where=whole > 0)


def interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """Return the percentile interval: the bounds of the middle share of resampled values.

    Args:
        values: `[resamples]`, the resampled values.
        level: the share of the values that the interval contains.

    Example:

    >>> interval(np.arange(101), level=0.5)
    (25.0, 75.0)
    """
    tail = (1 - level) / 2
    lowest, highest = np.quantile(values, [tail, 1 - tail])
    return float(lowest), float(highest)
