"""The Keras of this process: `tf.keras`, in either generation.

`tf.keras` is Keras 3, or Keras 2 (`tf_keras`) when `TF_USE_LEGACY_KERAS=1` is set before
TensorFlow is imported.
"""

from __future__ import annotations

import sys

from gplinker_tf._notebook import kernel_shell
from gplinker_tf._quiet import import_tensorflow

if kernel_shell() is not None:
    import_tensorflow()  # otherwise its log messages fill the first cell, in red

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

if KERAS_3 and "bert4keras" in sys.modules:
    raise ImportError(
        "bert4keras runs on legacy Keras only. Received: TensorFlow with Keras 3. Set the "
        "environment variables TF_KERAS=1 and TF_USE_LEGACY_KERAS=1 before Python starts; "
        'docs/compatibility.md, "Alongside bert4keras", has the order of imports. Or change the '
        "script's imports to gplinker_tf.bert4keras, which runs on Keras 3 too: gplinker migrate."
    )

register = keras.utils.register_keras_serializable(package="gplinker_tf")
