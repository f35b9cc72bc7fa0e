"""A progress bar for `fit` that looks the same in both Keras generations."""

from __future__ import annotations

from typing import Any

from gplinker_tf._progress import Progress
from gplinker_tf.backend import keras, steps_taken

#: The text next to the bar until the first step has ended.
PREPARING = "building the graph, up to two minutes"


class ProgressBar(keras.callbacks.Callback):
    """A callback that shows one tqdm bar per epoch, with the mean loss so far.

    Args:
        epochs: the number of epochs.
        steps: steps per epoch.

    Example, with a compiled model and the `TrainingBatches` it learns from:

        bar = ProgressBar(epochs=5, steps=len(batches))
        model.fit(
            batches.dataset(), epochs=5, steps_per_epoch=len(batches), verbose=0, callbacks=[bar])
    """

    def __init__(self, epochs: int, steps: int) -> None:
        super().__init__()
        self.epochs = epochs
        self.steps = steps
        self._bar: Progress | None = None
        self._prepared = False

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._bar = Progress(
            total=self.steps,
            initial=steps_taken(self.model.optimizer) % self.steps,
            desc=f"epoch {epoch + 1}/{self.epochs}",
            unit=" steps",
            leave=False,
        )
        if not self._prepared:
            self._bar.set_postfix_str(PREPARING)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._prepared = True
        if self._bar is not None:
            self._bar.set_postfix_str(f"loss {logs['loss']:.3f}", refresh=False)
            self._bar.update()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.close()

    def close(self) -> None:
        """Remove the bar, if there is one."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
