"""The one door to Keras: `tf.keras`, whichever generation it is, and nothing else.

`tf.keras` is Keras 3, or Keras 2 (`tf_keras`) when `TF_USE_LEGACY_KERAS=1` is set before
TensorFlow is imported. Every module of this package takes its Keras from here.
"""

from __future__ import annotations

import sys
from typing import Any

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
        'docs/compatibility.md, "Beside bert4keras", has the order of imports. Or change the '
        "script's imports to gplinker_tf.bert4keras, which runs on Keras 3 too: gplinker migrate."
    )

register = keras.utils.register_keras_serializable(package="gplinker_tf")

__all__ = ["KERAS_3", "keras", "register", "resource_of", "steps_taken", "tf"]


def resource_of(variable: Any) -> tf.Variable:
    """The TensorFlow variable behind a Keras one."""
    return variable if isinstance(variable, tf.Variable) else variable.value


def steps_taken(optimizer: Any) -> int:
    """How many steps an optimizer has taken, whatever the strategy."""
    return int(resource_of(optimizer.iterations).numpy())
