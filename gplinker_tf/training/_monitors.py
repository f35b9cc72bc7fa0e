"""Support for Keras callbacks that monitor a score."""

from __future__ import annotations

import numpy as np

from gplinker_tf.backend import keras

#: Dev set scores in the logs of an epoch; higher is better.
SCORES = (
    *("val_f1", "val_precision", "val_recall"),
    *("val_exact_f1", "val_exact_precision", "val_exact_recall"),
)


def maximize_score(callback: keras.callbacks.Callback) -> None:
    """Make a callback that monitors a score look for the highest value.

    Keras guesses the direction from the names of its own metrics: Keras 3 refuses `val_f1`, and
    legacy Keras looks for the lowest value.

    Args:
        callback: any callback, such as `EarlyStopping`, `ModelCheckpoint` or `ReduceLROnPlateau`.
    """
    if getattr(callback, "monitor", None) not in SCORES:
        return
    if hasattr(callback, "mode"):
        callback.mode = "max"
    if getattr(callback, "monitor_op", None) is np.less:  # chosen when it was created
        callback.monitor_op = np.greater
        if hasattr(callback, "min_delta"):
            callback.min_delta = abs(callback.min_delta)
        if getattr(callback, "best", None) == np.inf:
            callback.best = -np.inf
