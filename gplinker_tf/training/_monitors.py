"""What Keras's callbacks that watch a score must know of it."""

from __future__ import annotations

import numpy as np

from gplinker_tf.backend import keras

#: Scores of the dev set in the logs of an epoch; the higher, the better.
SCORES = (
    *("val_f1", "val_precision", "val_recall"),
    *("val_exact_f1", "val_exact_precision", "val_exact_recall"),
)


def maximize_score(callback: keras.callbacks.Callback) -> None:
    """Makes a callback that watches a score look for the highest one.

    Keras guesses the direction from the names of its own metrics: it refuses `val_f1`, or looks for
    the lowest one, as legacy Keras does.

    Args:
        callback: any, such as `EarlyStopping`, `ModelCheckpoint` or `ReduceLROnPlateau`.
    """
    if getattr(callback, "monitor", None) not in SCORES:
        return
    if hasattr(callback, "mode"):
        callback.mode = "max"
    if getattr(callback, "monitor_op", None) is np.less:  # chosen as it was made
        callback.monitor_op = np.greater
        if hasattr(callback, "min_delta"):
            callback.min_delta = abs(callback.min_delta)
        if getattr(callback, "best", None) == np.inf:
            callback.best = -np.inf
