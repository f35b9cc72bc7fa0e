"""The callbacks that a user passes to `train`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.models import RelationModel
from gplinker_tf.training._monitors import maximize_score


class UsersCallbacks(keras.callbacks.Callback):
    """A callback that calls the user's callbacks as in one run, even if `fit` is called twice.

    A resumed run calls `fit` once for the rest of an epoch and once for the epochs after it, and
    evaluates an epoch that ended without evaluation: callbacks still see one start and one end.

    Args:
        callbacks: Keras callbacks or custom ones.
        model: the model in training.
        epochs: the number of epochs in the whole run.
        steps: steps per epoch.
    """

    def __init__(
        self,
        callbacks: Sequence[keras.callbacks.Callback],
        model: RelationModel,
        epochs: int,
        steps: int,
    ) -> None:
        super().__init__()
        for callback in callbacks:
            maximize_score(callback)
        self._list = keras.callbacks.CallbackList(
            list(callbacks), model=model, epochs=epochs, steps=steps, verbose=0
        )

    def begin_run(self) -> None:
        """Tell the callbacks that training begins."""
        self._list.on_train_begin()

    def end_run(self) -> None:
        """Tell the callbacks that training has ended."""
        self._list.on_train_end()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._list.on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._list.on_epoch_end(epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._list.on_train_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._list.on_train_batch_end(batch, logs)
