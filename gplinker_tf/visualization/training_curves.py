"""The curves of a run, drawn during training."""

from __future__ import annotations

import time
from typing import Any

from gplinker_tf._notebook import kernel_shell
from gplinker_tf.backend import keras, learning_rate_of
from gplinker_tf.runs import PART, RATE
from gplinker_tf.visualization.picture import Picture
from gplinker_tf.visualization.training import picture_of_records

#: Seconds between two drawings within an epoch.
SECONDS = 2.0


class TrainingCurves(keras.callbacks.Callback):
    """A Keras callback that draws `show_training` in the notebook while `fit` runs.

    It redraws after each epoch, and shows the progress during one. Outside a notebook it draws
    nothing, but `picture` still has the curves.

    Attributes:
        records: a dict for each epoch, with its losses, scores and learning rate.
        picture: the current curves.

    Example:

    >>> curves = TrainingCurves()
    >>> curves.on_epoch_end(0, {"loss": 8.5, "val_f1": 0.25})
    >>> curves.picture
    Picture('1 epoch, best F1 0.2500 in epoch 1')

    In a run, pass it as a callback: `plan.fit(callbacks=[TrainingCurves()])`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.records: list[dict[str, Any]] = []
        self.picture: Picture = picture_of_records(())
        self._handle: Any = None
        self._epoch = 0
        self._drawn = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        self.records.clear()
        self._handle = None
        self._draw("training begins")

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if time.monotonic() - self._drawn < SECONDS:
            return
        steps = (self.params or {}).get("steps")
        loss = (logs or {}).get("loss")
        of = f" of {steps:,}" if steps else ""
        said = f", loss {float(loss):.4g}" if loss is not None else ""
        self._draw(f"epoch {self._epoch}, step {batch + 1:,}{of}{said}")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        record: dict[str, Any] = {"epoch": epoch + 1}
        for name, value in (logs or {}).items():
            score = name.removeprefix("val_")
            is_loss = score == "loss" or score.endswith(PART)
            if is_loss == (score == name):  # training losses, and scores of the dev set
                record[score] = float(value)
        if optimizer := getattr(self.model, "optimizer", None):
            record[RATE] = learning_rate_of(optimizer)
        self.records.append(record)
        self._draw()

    def _draw(self, now: str = "") -> None:
        self._drawn = time.monotonic()
        self.picture = picture_of_records(self.records, now)
        if kernel_shell() is None:
            return
        from IPython.display import display

        if self._handle is None:
            self._handle = display(self.picture, display_id=True)
        else:
            self._handle.update(self.picture)
