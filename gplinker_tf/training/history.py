"""The record of a run: a JSON line an epoch, and the curves as a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from gplinker_tf.report.figures import loss_parts
from gplinker_tf.whole_file import whole_file

SCORES = ("precision", "recall", "f1")


def loss_names(record: dict[str, Any]) -> list[str]:
    """The losses in a record: the whole first, then its parts.

    Example:

    >>> loss_names({"epoch": 1, "subject_loss": 0.2, "loss": 0.5, "object_loss": 0.3})
    ['loss', 'subject_loss', 'object_loss']
    """
    return ["loss", *loss_parts(record)]


def best_epoch(records: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The record whose model is kept, or `None` of none: as in the script, the later of equals.

    Example:

    >>> best_epoch([{"epoch": 1, "f1": 0.5}, {"epoch": 2, "f1": 0.5}])["epoch"]
    2
    """
    return max(records, key=lambda record: (record["f1"], record["epoch"]), default=None)


def in_words(loss: float) -> str:
    """A loss with two decimals, a small one with two digits.

    Example:

    >>> in_words(94.861), in_words(0.01234)
    ('94.86', '0.012')
    """
    return f"{loss:.2f}" if loss >= 0.1 else f"{loss:.2g}"


def write_epochs(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Writes the records of all epochs as JSON lines."""
    with whole_file(path) as unfinished:
        lines = (json.dumps(record) + "\n" for record in records)
        unfinished.write_text("".join(lines), encoding="utf-8")


def draw_curves(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Draws losses and scores over the epochs.

    Args:
        path: the PNG to write.
        records: one of each epoch.
    """
    epochs = [record["epoch"] for record in records]
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name in loss_names(records[-1]):
        left.plot(epochs, [record[name] for record in records], marker="o", label=name)
    for name in SCORES:
        right.plot(epochs, [record[name] for record in records], marker="o", label=name)
    left.set(title="Training loss", xlabel="epoch", yscale="log")
    right.set(title="Dev set, tokenised match", xlabel="epoch", ylim=(0, 1))
    for axes in (left, right):
        axes.legend(frameon=False)
        axes.grid(alpha=0.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    with whole_file(path) as unfinished:
        figure.savefig(unfinished, format="png", dpi=120)
