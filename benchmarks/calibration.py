"""Thresholds and probabilities of trained runs, measured on held-out texts.

    python -m benchmarks.calibration RUN-1 RUN-2 RUN-3 --data lic2019/dev_data.json

Thresholds are tuned as `gplinker tune` does, on the first half of the texts, and evaluated on the
second half. The second table compares probability curves without predicate-specific shifts: over
the lowest of a triple's scores, over the sum of its scores, and over both.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.command import TextsOption, run_command

#: The extraction threshold, and the maximum number of triples per text.
FLOOR, MAX_TRIPLES = -5.0, 10_000

#: The feature columns that each curve uses.
CURVES = {"lowest score": [0, 1], "sum of scores": [0, 2], "both": [0, 1, 2]}

RIDGE, STEPS = 1e-3, 30


def main(
    runs: Annotated[list[Path], typer.Argument(help="Run folders.")],
    data: TextsOption,
) -> None:
    """Measure tuned thresholds, calibration errors and log losses."""
    losses = {name: [] for name in CURVES}
    typer.echo(f"{'':24}{'threshold':>10}{'F1 at 0':>9}{'tuned':>8}{'estimated':>10}{'error':>8}")
    for run in runs:
        tuned = measure(run, data, losses)
        typer.echo(
            f"{run.name[:23]:24}{tuned['threshold']:>10.1f}{tuned['at_zero']:>9.4f}"
            f"{tuned['f1']:>8.4f}{tuned['promised']:>10.4f}{tuned['error']:>8.3f}"
        )
    typer.echo(f"\n{'curve over the':24}{'log loss':>10}{'error':>9}  (mean over the runs)")
    for name, rows in losses.items():
        log_loss, error = np.mean(rows, axis=0)
        typer.echo(f"{name:24}{log_loss:>10.3f}{error:>9.3f}")


def measure(run: Path, data: Path, losses: dict[str, list[tuple[float, float]]]) -> dict:
    """Measure on half of the texts what was tuned on the other half; append to `losses`."""
    from gplinker_tf import RelationExtractor
    from gplinker_tf.calibration import found_triples, reliability, tune_thresholds
    from gplinker_tf.data import read_examples

    extractor = RelationExtractor.load(run)
    examples = read_examples(data, extractor.schema)
    texts = [example.text for example in examples]
    extractions = extractor(texts, FLOOR, max_triples=MAX_TRIPLES)
    half = len(examples) // 2
    first, second = (
        found_triples(
            examples[part], extractions[part], extractor.tokenizer.tokenize, extractor.schema
        )
        for part in (slice(half), slice(half, None))
    )
    sums = np.split(scores_of(extractions, extractor.tokenizer.tokenize), [len(first.text)])
    predicates = extractor.schema.predicates
    tuning = tune_thresholds(first, predicates, FLOOR)
    kept = second.lowest > tuning.calibration.thresholds(predicates)[second.predicate]
    names = np.array(predicates)[second.predicate[kept]]
    probability = tuning.calibration.probability(second.lowest[kept], names)
    features = [
        np.stack([np.ones_like(side.lowest), side.lowest, scores], axis=1)
        for side, scores in zip((first, second), sums, strict=True)
    ]
    correct = second.correct[kept]
    for name, columns in CURVES.items():
        weights = fitted(features[0][:, columns], first.correct)
        odds = features[1][kept][:, columns] @ weights
        log_loss = np.mean(np.logaddexp(0, odds) - correct * odds)
        losses[name].append((log_loss, reliability(1 / (1 + np.exp(-odds)), correct).error))
    return {
        "threshold": tuning.calibration.threshold,
        "at_zero": f1(second, second.lowest > 0),
        "f1": f1(second, kept),
        "promised": tuning.out_of_fold.f1,
        "error": reliability(probability, correct).error,
    }


def scores_of(extractions: Sequence, tokenize) -> np.ndarray:
    """Return the sum of scores of each triple, in the order of `found_triples`."""
    scores = []
    for extraction in extractions:
        of_text: dict[tuple, float] = {}
        for triple in extraction.triples:
            subject, predicate, object_ = triple.words
            key = tuple(tokenize(subject)), predicate, tuple(tokenize(object_))
            of_text.setdefault(key, triple.score)
        scores += of_text.values()
    return np.array(scores)


def f1(found, kept: np.ndarray) -> float:
    """Return the F1 of the triples that are kept."""
    return 2 * found.correct[kept].sum() / (kept.sum() + found.annotated.sum())


def fitted(features: np.ndarray, correct: np.ndarray) -> np.ndarray:
    """Fit a logistic regression by Newton's method, and return its weights."""
    weights = np.zeros(features.shape[1])
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (probability - correct) + RIDGE * weights
        curvature = features.T * (probability * (1 - probability)) @ features
        weights -= np.linalg.solve(curvature + RIDGE * np.eye(len(weights)), gradient)
    return weights


if __name__ == "__main__":
    run_command(main)
