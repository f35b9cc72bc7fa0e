"""`keras.callbacks`, whose `ModelCheckpoint` writes files of any name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gplinker_tf.backend import KERAS_3, keras

__all__ = [name for name in dir(keras.callbacks) if not name.startswith("_")]


def __getattr__(name: str) -> Any:
    return getattr(keras.callbacks, name)


def __dir__() -> list[str]:
    return __all__


if KERAS_3:

    class ModelCheckpoint(keras.callbacks.ModelCheckpoint):
        """Keras's `ModelCheckpoint`, as in Keras 2.3.

        Args:
            filepath: the file, of any name; `{epoch}` and names of metrics are filled in.
            monitor: the metric that decides which model is best.
            verbose: 1 to print what is saved.
            save_best_only: save a model only if it is better than all before it.
            save_weights_only: save only the weights, otherwise the whole model.
            mode: `"min"`, `"max"`, or `"auto"` to infer it from the metric.
            period: number of epochs between saves.
            **kwargs: arguments of Keras 3's callback.
        """

        def __init__(
            self,
            filepath: str | Path,
            monitor: str = "val_loss",
            verbose: int = 0,
            save_best_only: bool = False,
            save_weights_only: bool = False,
            mode: str = "auto",
            period: int = 1,
            **kwargs: Any,
        ) -> None:
            # Keras 3 rejects other file extensions; the models here save under any name.
            accepted = f"{filepath}.weights.h5" if save_weights_only else f"{filepath}.keras"
            super().__init__(
                accepted, monitor, verbose, save_best_only, save_weights_only, mode, **kwargs
            )
            self.filepath, self.period = str(filepath), period

        def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
            if (epoch + 1) % self.period == 0:
                super().on_epoch_end(epoch, logs)
