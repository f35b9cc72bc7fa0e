"""Check for one Keras generation per process: mixing two fails far from the cause."""

from __future__ import annotations

import sys

from gplinker_tf.backend import KERAS_3, keras


def refuse_two_generations() -> None:
    """Raise ImportError if a module of the other Keras generation is loaded alongside `tf.keras`.

    Raises:
        ImportError: such a module is loaded; the message names it and the fix.
    """
    if KERAS_3:
        if "tf_keras" in sys.modules:
            raise ImportError(
                "Expected one generation of Keras. Received: tf_keras together with "
                "TensorFlow's Keras 3. Set the environment variable TF_USE_LEGACY_KERAS=1 "
                "before Python starts, or import gplinker_tf.bert4keras.keras instead of "
                "tf_keras."
            )
    elif _is_keras_3(sys.modules.get("keras")):
        raise ImportError(
            "Expected one generation of Keras. Received: keras (Keras 3) together with "
            "TensorFlow's legacy Keras. Import gplinker_tf.bert4keras.keras instead of keras, "
            "or unset TF_USE_LEGACY_KERAS."
        )


def _is_keras_3(module: object) -> bool:
    return module is not None and module is not keras and hasattr(module, "ops")
