"""The one door to Keras: `tf.keras`, whichever generation it is, and nothing else.

`tf.keras` is Keras 3, or Keras 2 (`tf_keras`) when `TF_USE_LEGACY_KERAS=1` is set before
TensorFlow is imported. Every module of this package takes its Keras from here.
"""

from __future__ import annotations

import tensorflow as tf

keras = tf.keras

#: True under Keras 3, False under legacy Keras 2.
KERAS_3 = hasattr(keras, "ops")

if KERAS_3 and keras.backend.backend() != "tensorflow":
    raise ImportError(
        "gplinker_tf runs on Keras with the TensorFlow backend. "
        f"Received: KERAS_BACKEND={keras.backend.backend()}. "
        "Set the environment variable KERAS_BACKEND=tensorflow before Python starts."
    )

register = keras.utils.register_keras_serializable(package="gplinker_tf")

__all__ = ["KERAS_3", "keras", "register", "tf"]
