"""Figures as all formats of the report show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gplinker_tf.metrics import ScoreCounts
from gplinker_tf.runs import PART, loss_parts
from gplinker_tf.structures import Triple

SCORE_TITLES = ("precision", "recall", "F1", "found", "gold")


def score_cells(counts: ScoreCounts) -> tuple[str, ...]:
    """Return the cells under `SCORE_TITLES`.

    Example:

    >>> score_cells(ScoreCounts(correct=3, found=4, annotated=6))
    ('0.7500', '0.5000', '0.6000', '4', '6')
    """
    scores = (f"{score:.4f}" for score in (counts.precision, counts.recall, counts.f1))
    return (*scores, f"{counts.found:,}", f"{counts.annotated:,}")


def confidence(triple: Triple) -> str:
    """Return how confident the model is in a triple, in words; empty if that is unknown.

    Example:

    >>> confidence(Triple(*"apb", score=21.54)), confidence(Triple(*"apb", 21.54, probability=0.97))
    ('score 21.5', 'probability 0.97')
    """
    if triple.probability is not None:
        return f"probability {triple.probability:.2f}"
    return "" if triple.score is None else f"score {triple.score:.1f}"


def epoch_rows(history: Sequence[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Yield the titles, then the cells of each epoch, empty if nothing was recorded.

    Example:

    >>> list(epoch_rows([{"epoch": 1, "loss": 20.123, "head_loss": 12, "f1": 0.5}]))
    [('epoch', 'loss', 'head', 'F1'), ('1', '20.12', '12.00', '0.5000')]
    """
    parts = dict.fromkeys(key for record in history for key in loss_parts(record))
    yield ("epoch", "loss", *(part.removesuffix(PART) for part in parts), "F1")
    for record in history:
        losses = (_cell(record.get(key), ".2f", ".2g") for key in ("loss", *parts))
        yield (str(record["epoch"]), *losses, _cell(record.get("f1"), ".4f", ".4f"))


def _cell(value: float | None, form: str, form_of_small: str) -> str:
    return "" if value is None else format(value, form if value >= 0.1 else form_of_small)
