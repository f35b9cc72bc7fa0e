"""The threshold curve and the reliability of probabilities as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf._tabular import Table
from gplinker_tf.calibration.reliability import BINS, Reliability
from gplinker_tf.calibration.threshold_counts import ThresholdCounts
from gplinker_tf.metrics import ScoreCounts


def curve(counts: ThresholdCounts) -> Table:
    """Return one row per threshold, for all predicates together."""
    annotated = int(counts.annotated.sum())
    columns = counts.correct.sum(axis=0).tolist(), counts.found.sum(axis=0).tolist()
    rows = []
    for threshold, correct, found in zip(counts.thresholds.tolist(), *columns, strict=True):
        scores = ScoreCounts(correct, found, annotated)
        shares = scores.precision, scores.recall, scores.f1
        rows.append((threshold, *shares, correct, found, annotated))
    names = "threshold", "precision", "recall", "f1", "correct", "found", "annotated"
    return Table(names, rows)


def write_curve(path: Path, counts: ThresholdCounts) -> None:
    """Write the curve, with four decimals for precision, recall and F1."""
    names, rows = curve(counts)
    lines = [(row[0], *(f"{share:.4f}" for share in row[1:4]), *row[4:]) for row in rows]
    _write(path, names, lines)


def write_reliability(path: Path, table: Reliability) -> None:
    """Write one line for each bin of probabilities that has triples."""
    columns = table.triples.tolist(), table.probability.tolist(), table.correct.tolist()
    rows = [
        (number / BINS, (number + 1) / BINS, count, f"{probability:.4f}", f"{correct:.4f}")
        for number, (count, probability, correct) in enumerate(zip(*columns, strict=True))
        if count
    ]
    _write(path, ("from", "to", "triples", "mean_probability", "share_correct"), rows)


def _write(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])
