"""Figures as every form of the report shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gplinker_tf.metrics import ScoreCounts

SCORE_TITLES = ("precision", "recall", "F1", "found", "gold")

#: Of all that a run records of an epoch: the key, the title, the form.
EPOCH_FIGURES = (
    ("loss", "loss", ".2f"),
    ("entity_loss", "entity", ".2f"),
    ("head_loss", "head", ".2f"),
    ("tail_loss", "tail", ".2f"),
    ("f1", "F1", ".4f"),
)
EPOCH_TITLES = ("epoch", *(title for _, title, _ in EPOCH_FIGURES))


def score_cells(counts: ScoreCounts) -> tuple[str, ...]:
    """The cells under `SCORE_TITLES`.

    Example:

    >>> score_cells(ScoreCounts(correct=3, found=4, annotated=6))
    ('0.7500', '0.5000', '0.6000', '4', '6')
    """
    scores = (f"{score:.4f}" for score in (counts.precision, counts.recall, counts.f1))
    return (*scores, f"{counts.found:,}", f"{counts.annotated:,}")


def epoch_rows(history: Sequence[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """For each epoch the cells under `EPOCH_TITLES`, empty where nothing was recorded.

    Example:

    >>> list(epoch_rows([{"epoch": 1, "loss": 20.123, "f1": 0.5}]))
    [('1', '20.12', '', '', '', '0.5000')]
    """
    for record in history:
        cells = (
            "" if record.get(key) is None else format(record[key], form)
            for key, _, form in EPOCH_FIGURES
        )
        yield (str(record["epoch"]), *cells)
