"""A picture of precision against recall, and of probabilities against the share that is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.calibration.reliability import BINS, Reliability
from gplinker_tf.calibration.threshold_counts import ThresholdCounts
from gplinker_tf.extras import is_there
from gplinker_tf.metrics import ScoreCounts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colors (Okabe and Ito) that color-blind readers can tell apart, also by lightness in print.
CURVE, TUNED, QUIET = "#0072B2", "#D55E00", "#6E6E6E"

POINT: dict[str, Any] = {"markersize": 8, "markeredgecolor": "white", "zorder": 3}

#: The F1 values for which lines of equal F1 are drawn.
LEVELS = np.arange(1, 10) / 10


def draw_tuning(
    path: Path,
    counts: ThresholdCounts,
    at_zero: ScoreCounts,
    tuned: ScoreCounts,
    table: Reliability,
) -> None:
    """Draw both, if matplotlib is installed.

    Args:
        path: the PNG file to write.
        counts: the counts of the curve, which has one point per threshold for all predicates.
        at_zero: the scores at threshold 0.
        tuned: the scores at tuned thresholds, on texts that were not used to choose them.
        table: the probabilities compared with the share that is right.
    """
    if not is_there("matplotlib"):
        return
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_curve(left, counts, at_zero, tuned)
    _draw_reliability(right, table)
    for axes in (left, right):
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_aspect("equal")
        axes.set_axisbelow(True)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    with whole_file(path) as unfinished:
        figure.savefig(unfinished, format="png", dpi=150, facecolor="white")


def _draw_curve(
    axes: Axes, counts: ThresholdCounts, at_zero: ScoreCounts, tuned: ScoreCounts
) -> None:
    correct, found = counts.correct.sum(axis=0), counts.found.sum(axis=0)
    some = found > 0
    recall = correct[some] / max(counts.annotated.sum(), 1)
    _draw_levels(axes)
    axes.plot(recall, correct[some] / found[some], color=CURVE, linewidth=2, label="all thresholds")
    points = ((at_zero, "o", CURVE, "threshold 0"), (tuned, "D", TUNED, "tuned, cross-validated"))
    for scores, marker, color, name in points:
        label = f"{name}: F1 {scores.f1:.3f}"
        axes.plot(scores.recall, scores.precision, marker, color=color, label=label, **POINT)
    axes.set_xlabel("recall")
    axes.set_ylabel("precision")
    axes.set_title("Precision against recall", loc="left")
    axes.legend(loc="lower left", frameon=False)


def _draw_levels(axes: Axes) -> None:
    """Draw lines of equal F1: precision = F1 * recall / (2 * recall - F1)."""
    for level in LEVELS:
        recall = np.linspace(level / (2 - level), 1, 200)
        axes.plot(recall, level * recall / (2 * recall - level), color=QUIET, lw=0.6, alpha=0.35)
        place = 1.0, level / (2 - level)
        axes.annotate(
            f"{level:.1f}",
            place,
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=QUIET,
            annotation_clip=False,
        )


def _draw_reliability(axes: Axes, table: Reliability) -> None:
    some = table.triples > 0
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle="--", label="perfect")
    axes.plot(
        table.probability[some],
        table.correct[some],
        "o-",
        color=CURVE,
        linewidth=2,
        label=f"measured: error {table.error:.3f}",
    )
    axes.set_xlabel("probability")
    axes.set_ylabel("share that is right")
    axes.set_title("Probability against share right", loc="left")
    axes.legend(loc="upper left", frameon=False)
    _draw_counts(axes, table)


def _draw_counts(axes: Axes, table: Reliability) -> None:
    """Draw the number of triples per bin as bars at the bottom, up to a sixth of the height."""
    heights = table.triples / max(table.triples.max(), 1) / 6
    centers = (np.arange(BINS) + 0.5) / BINS
    axes.bar(centers, heights, width=0.9 / BINS, color=CURVE, alpha=0.2)
    for center, height, count in zip(centers, heights, table.triples.tolist(), strict=True):
        if count:
            axes.text(center, height + 0.01, f"{count:,}", ha="center", fontsize=7.5, color=QUIET)
