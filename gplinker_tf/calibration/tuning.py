"""Chooses the thresholds of a model, fits its probabilities, and cross-validates both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.calibration._tables import curve, write_curve, write_reliability
from gplinker_tf.calibration.calibration import Calibration
from gplinker_tf.calibration.cross_validation import (
    FOLDS,
    Choose,
    folds_of,
    gains,
    out_of_fold,
    scores_at,
    total,
)
from gplinker_tf.calibration.folder import (
    RELIABILITY,
    THRESHOLD_CURVE,
    THRESHOLD_PICTURE,
    write_calibration,
)
from gplinker_tf.calibration.found_triples import FoundTriples
from gplinker_tf.calibration.pictures import draw_tuning
from gplinker_tf.calibration.probability import ProbabilityModel
from gplinker_tf.calibration.reliability import Reliability, reliability
from gplinker_tf.calibration.threshold_choice import (
    SHARED,
    best_thresholds,
    precision_bound,
    threshold_for_precision,
)
from gplinker_tf.calibration.threshold_counts import (
    ThresholdCounts,
    threshold_counts,
    threshold_grid,
)
from gplinker_tf.errors import InputError
from gplinker_tf.metrics import ScoreCounts


@dataclass(frozen=True)
class Tuning(Tabular):
    """Tuned thresholds and probabilities, and how good they are.

    A notebook shows the scores before and after; `to_dataframe` has the scores at each threshold.

    Args:
        calibration: the thresholds and probabilities.
        counts: the counts of all texts at each threshold of the grid.
        at_zero: the scores at threshold 0.
        out_of_fold: the scores at thresholds that were chosen in the same way on other texts.
        chosen: the scores at the thresholds of `calibration`, on the texts used to choose them.
        reliability: the reliability of probabilities that were fitted on other texts.

    Example: see `tune_thresholds`.
    """

    calibration: Calibration
    counts: ThresholdCounts = field(repr=False)
    at_zero: ScoreCounts
    out_of_fold: ScoreCounts
    chosen: ScoreCounts
    reliability: Reliability

    def __repr__(self) -> str:
        return (
            f"Tuning({self.calibration.in_words}, F1 {self.out_of_fold.f1:.4f}, "
            f"{self.at_zero.f1:.4f} at 0, calibration error {self.reliability.error:.4f})"
        )

    def _table(self) -> Table:
        return curve(self.counts)

    def _shown_table(self) -> Table:
        rows = {"threshold 0": self.at_zero, "tuned, cross-validated": self.out_of_fold}
        return Table(
            ("", "precision", "recall", "F1", "found"),
            [(name, c.precision, c.recall, c.f1, c.found) for name, c in rows.items()],
        )

    def save(self, folder: str | Path) -> None:
        """Write thresholds.json, thresholds.csv, reliability.csv, and a picture of the last two.

        The picture is drawn only if matplotlib is installed.

        Args:
            folder: the run folder; its model uses the thresholds from then on.
        """
        folder = Path(folder)
        write_curve(folder / THRESHOLD_CURVE, self.counts)
        write_reliability(folder / RELIABILITY, self.reliability)
        draw_tuning(
            folder / THRESHOLD_PICTURE,
            self.counts,
            self.at_zero,
            self.out_of_fold,
            self.reliability,
        )
        write_calibration(folder, self.calibration)


def tune_thresholds(
    found: FoundTriples,
    predicates: Sequence[str],
    floor: float,
    min_precision: float | None = None,
    per_predicate: bool | None = None,
) -> Tuning:
    """Choose thresholds for the best F1 or for a minimum precision, and fit the probabilities.

    For F1, five-fold cross-validation compares threshold 0, one threshold for all predicates, and
    one per predicate. A finer choice is used if F1 improves in total and in at least four of the
    five folds.

    Args:
        found: the triples found at a low threshold, and the counts of annotated ones.
        predicates: the names of the predicates, in the order of the model's labels.
        floor: the threshold at which the triples were found, 0 or below.
        min_precision: choose the lowest threshold whose precision is at least this, with 95 %
            confidence (Wilson's bound), instead of the best F1.
        per_predicate: whether predicates have their own thresholds; by default, cross-validation
            decides.

    Returns:
        The tuning.

    Raises:
        InputError: there are too few texts, nothing is annotated or found, no threshold reaches
            the precision, or it is given with `per_predicate`.

    Example:

    >>> found = FoundTriples(np.arange(40), np.zeros(40, int), np.tile([0.5, 1.5], 20),
    ...     np.tile([False, True], 20), np.ones([40, 1], int))
    >>> tune_thresholds(found, ["主演"], floor=0.0)
    Tuning(threshold 0.5, F1 0.6667, 0.5000 at 0, calibration error 0.1207)
    """
    check_aim(min_precision, per_predicate)
    texts = len(found.annotated)
    _expect_enough(found, floor)
    grid = threshold_grid(floor, found.lowest)
    counts = threshold_counts(found, grid, np.ones(texts, bool))
    folds = folds_of(texts)
    if min_precision is None:
        choose = _best_choice(found, grid, folds, per_predicate)
    else:
        _expect_reachable(counts, min_precision)
        choose = partial(_for_precision, precision=min_precision)
    places = choose(counts)
    at_zero, chosen = scores_at(counts, _zero(counts)), scores_at(counts, places)
    other_texts = total(out_of_fold(found, grid, folds, choose))
    names = np.array(predicates)[found.predicate]
    table = _reliability(found, names, grid, folds, choose)
    measured = {
        "texts": texts,
        "annotated": chosen.annotated,
        "f1_at_0": at_zero.f1,
        "f1": other_texts.f1,
        "precision": other_texts.precision,
        "recall": other_texts.recall,
        "calibration_error": table.error,
    }
    common = float(grid[np.bincount(places).argmax()])
    own = zip(predicates, grid[places].tolist(), strict=True)
    calibration = Calibration(
        threshold=common,
        by_predicate={name: value for name, value in own if value != common},
        probability=ProbabilityModel.fit(found.lowest, names, found.correct),
        measured={name: round(value, 4) for name, value in measured.items()},
    )
    return Tuning(calibration, counts, at_zero, other_texts, chosen, table)


def _best_choice(
    found: FoundTriples, grid: np.ndarray, folds: np.ndarray, per_predicate: bool | None
) -> Choose:
    """Return the way to choose thresholds that has the best cross-validated F1."""
    common, *own = (partial(best_thresholds, shared=shared) for shared in SHARED)
    if per_predicate:
        return max(own, key=lambda choose: total(out_of_fold(found, grid, folds, choose)).f1)
    best: Choose = _zero
    best_scores = out_of_fold(found, grid, folds, best)
    for choose in [common] if per_predicate is False else [common, *own]:
        scores = out_of_fold(found, grid, folds, choose)
        if gains(scores, best_scores):
            best, best_scores = choose, scores
    return best


def _zero(counts: ThresholdCounts) -> np.ndarray:
    return np.full(len(counts.annotated), np.searchsorted(counts.thresholds, 0.0))


def _for_precision(counts: ThresholdCounts, precision: float) -> np.ndarray:
    place = threshold_for_precision(counts, precision)
    if place is None:  # four fifths of the texts may not be enough
        place = int(np.argmax(precision_bound(counts)))
    return np.full(len(counts.annotated), place)


def _reliability(
    found: FoundTriples, names: np.ndarray, grid: np.ndarray, folds: np.ndarray, choose: Choose
) -> Reliability:
    """Return the reliability of triples above thresholds, with both fitted on the other folds."""
    fold_of = folds[found.text]
    probability, kept = np.zeros(len(fold_of)), np.zeros(len(fold_of), bool)
    for fold in range(FOLDS):
        here, others = fold_of == fold, fold_of != fold
        places = choose(threshold_counts(found, grid, folds != fold))
        model = ProbabilityModel.fit(found.lowest[others], names[others], found.correct[others])
        probability[here] = model(found.lowest[here], names[here])
        kept[here] = found.lowest[here] > grid[places][found.predicate[here]]
    return reliability(probability[kept], found.correct[kept])


def _expect_enough(found: FoundTriples, floor: float) -> None:
    texts = len(found.annotated)
    if texts < FOLDS or not found.annotated.any():
        raise InputError(
            f"Expected at least {FOLDS} texts with annotated triples to tune on; several hundred "
            f"are better. Received: texts={texts}, annotated={found.annotated.sum()}."
        )
    if not found.correct.any():
        raise InputError(
            f"Expected a model that finds some of the annotated triples at threshold {floor:g}. "
            f"Received: {len(found.lowest):,} found, none of them annotated. Train it longer."
        )


def check_aim(min_precision: float | None, per_predicate: bool | None) -> None:
    """Check what thresholds are chosen for, before a model reads the texts.

    Args:
        min_precision: as in `tune_thresholds`.
        per_predicate: as in `tune_thresholds`.

    Raises:
        InputError: the precision is not between 0 and 1, or both are given.
    """
    if min_precision is None:
        return
    if not 0 < min_precision < 1:
        raise InputError(
            f"Expected a precision between 0 and 1. Received: min_precision={min_precision:g}."
        )
    if per_predicate:
        raise InputError(
            "Expected a minimum precision or thresholds per predicate. Received: both. With a "
            "minimum precision, there is one threshold for all predicates."
        )


def _expect_reachable(counts: ThresholdCounts, precision: float) -> None:
    if threshold_for_precision(counts, precision) is None:
        bounds = precision_bound(counts)
        best = int(np.argmax(bounds))
        raise InputError(
            f"Expected a threshold with a precision of at least {precision:g}, with 95 % "
            f"confidence. Received: at most {bounds[best]:.3f}, at threshold "
            f"{counts.thresholds[best]:g}. Ask for less, tune on more texts, or train longer."
        )
