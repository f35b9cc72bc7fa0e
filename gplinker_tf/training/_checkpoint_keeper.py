"""Checkpoints every few minutes and at the end of each epoch."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gplinker_tf.backend import keras, steps_taken
from gplinker_tf.runs import keep_newest_checkpoint, take_checkpoint, write_checkpoint


class CheckpointKeeper(keras.callbacks.Callback):
    """A callback that writes a checkpoint every few minutes, and before each evaluation.

    If one can't be written, for example on a full disk, this is reported and the run continues.

    Args:
        folder: the folder of the checkpoints.
        minutes: minutes between checkpoints.
        notes: returns the rest of the state for a checkpoint.
        report: takes lines of text about the run.
    """

    def __init__(
        self,
        folder: Path,
        minutes: float,
        notes: Callable[[], dict[str, Any]],
        report: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.folder = folder
        self.minutes = minutes
        self.notes = notes
        self.report = report
        self._last = time.monotonic()
        self._kept: int | None = None

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if time.monotonic() - self._last >= 60 * self.minutes and not logs["nonfinite"]:
            self.keep()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if not logs["nonfinite"]:
            self.keep()

    def keep(self) -> None:
        """Write a checkpoint now."""
        checkpoint = take_checkpoint(self.model, self.notes())
        try:
            write_checkpoint(self.folder, checkpoint)
        except OSError as error:
            self.report(
                f"The checkpoint at step {checkpoint.notes['step']:,} cannot be written "
                f"({error.strerror}). The run continues; the last complete checkpoint is kept."
            )
        else:
            self._kept = checkpoint.notes["step"]
        self._last = time.monotonic()

    def close(self) -> None:
        """Keep only one checkpoint when the run has ended, and report what it is for."""
        if size := keep_newest_checkpoint(self.folder):
            self.report(
                f"{self.folder} ({size / 1e6:,.0f} MB) is only needed to continue with more "
                "--epochs (epochs). Delete it to free space."
            )

    def keep_when_interrupted(self) -> None:
        """Write one now unless this step has one, as when an evaluation was interrupted."""
        if steps_taken(self.model.optimizer) != self._kept:
            self.keep()
