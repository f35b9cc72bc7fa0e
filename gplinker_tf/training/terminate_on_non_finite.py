"""A callback that stops a run whose loss is NaN or infinite, and names the lines."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, steps_taken
from gplinker_tf.batching import TrainingBatches


class TerminateOnNonFinite(keras.callbacks.Callback):
    """A callback that ends training at the first step whose loss or gradient is not finite.

    `RelationModel.train_step` does not apply the gradients of such a step.

    Args:
        batches: the training batches.

    Attributes:
        failure: a description of where it happened, or `None`.

    Example, with a compiled model and the `TrainingBatches` it learns from:

        guard = TerminateOnNonFinite(batches)
        model.fit(batches.dataset(), steps_per_epoch=len(batches), callbacks=[guard])
        if guard.failure:
            print(guard.failure)
    """

    def __init__(self, batches: TrainingBatches) -> None:
        super().__init__()
        self.batches = batches
        self.failure: str | None = None

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if not logs["nonfinite"]:
            return
        steps = steps_taken(self.model.optimizer)
        epoch, batch = divmod(steps - 1, len(self.batches))
        places = self.batches.order(epoch)[batch]
        lines = sorted({self.batches.texts.line_numbers[place] for place in places})
        self.failure = (
            f"the loss or its gradient is not finite in epoch {epoch + 1}, step {batch + 1}, "
            f"at lines {', '.join(map(str, lines))}"
        )
        self.model.stop_training = True
