"""The curves of a training run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from gplinker_tf._counted import counted
from gplinker_tf.errors import InputError
from gplinker_tf.extras import require
from gplinker_tf.runs import (
    HISTORY,
    PART,
    RATE,
    RUN_CONFIG,
    best_epoch,
    loss_names,
    read_history,
)
from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, above_each_other, side_by_side, text_at
from gplinker_tf.visualization._line_chart import Curve, draw_chart
from gplinker_tf.visualization._markup import element
from gplinker_tf.visualization.picture import Picture

if TYPE_CHECKING:
    from gplinker_tf.training import TrainingResult

#: Seconds between two checks of a run in progress.
SECONDS = 2.0

SCORES = {"f1": "F1", "precision": "precision", "recall": "recall"}


def show_training(
    run: str | Path | TrainingResult | Sequence[Mapping[str, Any]], live: bool = False
) -> Picture:
    """Draw the losses of a run by epoch, and F1, precision and recall on the dev set.

    A ring marks the epoch whose model is kept. The learning rate is drawn if the records have it.

    Args:
        run: a run folder, the result of `fit`, or the records of the epochs.
        live: follow a run that another process trains: redraw it after each epoch until the last
            one. Interrupting the cell stops the drawing, not the run. In the training process,
            use `TrainingCurves` instead.

    Returns:
        The picture; of a live run, the last one.

    Raises:
        InputError: there is no such folder, or a record is broken.
        ValueError: `live` without a folder.
        ImportError: `live` needs IPython, which is not installed.

    Example:

    >>> scores = {"precision": 0.6, "recall": 0.5, "f1": 0.55}
    >>> show_training([{"epoch": 1, "loss": 8.5, **scores}, {"epoch": 2, "loss": 5.0, **scores}])
    Picture('2 epochs, best F1 0.5500 in epoch 2')
    """
    if isinstance(run, str | Path):
        return _followed(Path(run)) if live else picture_of_records(_records(Path(run)))
    if live:
        raise ValueError(
            "Expected the folder of a run in progress. Received: live=True with records, which do "
            "not change. Pass the folder."
        )
    return picture_of_records(run.records if hasattr(run, "records") else run)


def picture_of_records(records: Sequence[Mapping[str, Any]], now: str = "") -> Picture:
    """Draw the curves of records, which may lack scores; `now` says how far the run is."""
    drawings = list(_charts(records))
    best = best_epoch([dict(record) for record in records if "f1" in record])
    title = counted(len(records), "epoch")
    if best:
        title += f", best F1 {best['f1']:.4f} in epoch {best['epoch']}"
    said = "; ".join(filter(None, (title, now)))
    note = Drawing(340, 22, text_at(0, 15, said, 13), said)
    row = "display:flex;flex-wrap:wrap;gap:8px 16px"
    charts = element("div", *(drawing.inline() for drawing in drawings), style=row)

    def draw(width: float) -> Drawing:
        return above_each_other([side_by_side(drawings, width), note]) if drawings else note

    return Picture(title, charts + element("div", note.inline()), draw)


def _charts(records: Sequence[Mapping[str, Any]]) -> Iterator[Drawing]:
    if not records:
        return
    names = loss_names(dict(records[-1]))
    losses = [
        Curve(name.removesuffix(PART), points, color, bold=name == "loss")
        for name, color in zip(names, (colors.INK, *colors.PALETTE), strict=False)
        if (points := _points(records, name))
    ]
    if losses:
        yield draw_chart("Training loss", losses)
    best = best_epoch([dict(record) for record in records if "f1" in record])
    marked = best["epoch"] if best else None
    shades = zip(SCORES.items(), (colors.CORRECT, colors.SUBJECT, colors.OBJECT), strict=True)
    scores = [
        Curve(title, points, color, title == "F1", marked if title == "F1" else None)
        for (name, title), color in shades
        if (points := _points(records, name))
    ]
    if scores:
        yield draw_chart("Dev set", scores, "{:.3f}")
    if points := _points(records, RATE):
        yield draw_chart("Learning rate", [Curve("", points, colors.MISSED)], "{:.2g}")


def _points(records: Sequence[Mapping[str, Any]], name: str) -> list[tuple[float, float]]:
    return [(one["epoch"], one[name]) for one in records if one.get(name) is not None]


def _records(folder: Path) -> tuple[dict[str, Any], ...]:
    if not folder.is_dir():
        raise InputError(f"No such folder: {folder}.")
    return read_history(folder / HISTORY)


def _followed(folder: Path) -> Picture:
    require("IPython", "live=True")
    from IPython.display import display

    records = _records(folder)
    picture = picture_of_records(records)
    handle = display(picture, display_id=True)
    try:
        while len(records) < _epochs(folder):
            time.sleep(SECONDS)
            newer = _records(folder)
            if len(newer) != len(records):
                records, picture = newer, picture_of_records(newer)
                if handle:  # outside a notebook, nothing can be updated
                    handle.update(picture)
    except KeyboardInterrupt:
        pass  # after an interruption, return the picture as it is
    return picture


def _epochs(folder: Path) -> float:
    """Return how many epochs the run will have; infinity if it has not started."""
    path = folder / RUN_CONFIG
    config = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None
    return (config or {}).get("epochs", float("inf"))
