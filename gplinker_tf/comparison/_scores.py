"""The F1 of finished runs with confidence intervals, from what they found in each text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from gplinker_tf.comparison._runs import Run
from gplinker_tf.comparison.variants import REFERENCE
from gplinker_tf.errors import InputError
from gplinker_tf.extraction.folder import read_config, tokenizer_of
from gplinker_tf.metrics import ScoreCounts, bootstrap_f1, interval
from gplinker_tf.metrics.matching import tokenized_key
from gplinker_tf.metrics.text_counts import text_counts
from gplinker_tf.runs import read_predictions

#: Scores of which only the mean over seeds is given.
MEANS = ("precision", "recall", "exact_precision", "exact_recall")


def scores(runs: Mapping[str, Sequence[Run]]) -> dict[str, dict[str, Any]]:
    """Return the scores of each variant.

    Mean, lowest and highest are over seeds. An interval says how much the mean of the same models
    would vary on other texts; its bootstrap draws the same texts for all. A difference from the
    reference is over the seeds that both have; if there are none, it is left out. Both use the
    tokenized match, by which the predictions in a run folder are distinct.

    Args:
        runs: the finished runs of each variant, at least one.

    Raises:
        InputError: predictions are missing, damaged, or not those that training wrote.
    """
    if not runs:
        return {}
    every = [run for of_variant in runs.values() for run in of_variant]
    draws = bootstrap_f1(np.stack(_counts_of_same_texts(every))).T
    resampled = dict(zip((run.name for run in every), draws, strict=True))
    reference = REFERENCE if REFERENCE in runs else next(iter(runs))
    others = {run.seed: run for run in runs[reference]}
    rows: dict[str, dict[str, Any]] = {}
    for variant, of_variant in runs.items():
        values = np.mean([resampled[run.name] for run in of_variant], axis=0)
        f1 = {**_spread(of_variant, "f1"), "interval": interval(values)}
        pairs = [(run, others[run.seed]) for run in of_variant if run.seed in others]
        if variant != reference and pairs:
            f1["difference"] = _difference(pairs, resampled)
        rows[variant] = {
            "reference": reference,
            "f1": f1,
            "exact_f1": _spread(of_variant, "exact_f1"),
            **{name: mean(run.scores[name] for run in of_variant) for name in MEANS},
        }
    return rows


def _spread(runs: Sequence[Run], name: str) -> dict[str, Any]:
    points = [run.scores[name] for run in runs]
    return {"mean": mean(points), "lowest": min(points), "highest": max(points)}


def _difference(
    pairs: Sequence[tuple[Run, Run]], resampled: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    """Return how far the F1 of runs is above that of others, averaged over the pairs."""
    draws = np.mean([resampled[run.name] - resampled[other.name] for run, other in pairs], axis=0)
    return {
        "seeds": [run.seed for run, _ in pairs],
        "mean": mean(run.scores["f1"] - other.scores["f1"] for run, other in pairs),
        "interval": interval(draws),
    }


def _counts_of_same_texts(runs: Sequence[Run]) -> list[np.ndarray]:
    """Return the `text_counts` of each run, which must be for the same texts."""
    counts, texts = [], None
    for run in runs:
        path = run.predictions
        stamp = path.stat().st_mtime_ns if path.is_file() else 0
        of_texts, of_run = _counts(run.folder, path, stamp)
        texts = of_texts if texts is None else texts
        found = ScoreCounts(*of_run.sum(axis=0).tolist()).f1
        if of_texts != texts or abs(found - run.scores["f1"]) > 1e-9:
            raise InputError(
                f"Expected the predictions that were scored, F1 {run.scores['f1']:.4f}. "
                f"Received: {path}, F1 {found:.4f}, or for other texts. Write it again: "
                f"gplinker evaluate RUN --data FILE --predictions {path.name}"
            )
        counts.append(of_run)
    return counts


@lru_cache(maxsize=256)  # the table is rewritten after each run
def _counts(folder: Path, predictions: Path, stamp: int) -> tuple[int, np.ndarray]:
    """Return a hash of the texts, and their `text_counts`."""
    examples, extractions = read_predictions(predictions)
    tokenize = tokenizer_of(read_config(folder), folder).tokenize
    texts = hash(tuple(example.text for example in examples))
    return texts, text_counts(examples, extractions, tokenized_key(tokenize))
