"""Initializers of layers that are made several times, or that a method stands for."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras


def fresh(initializer: Any) -> Any:
    """Another initializer of the same kind: in Keras 3 each gives the same numbers again.

    Args:
        initializer: a Keras initializer, or any function of shape and dtype.
    """
    if isinstance(initializer, keras.initializers.Initializer):
        return type(initializer).from_config(initializer.get_config())
    return initializer


def serialized_initializer(initializer: Any) -> Any:
    """An initializer for a layer's configuration; Keras's default for a function or a method.

    bert4keras stores the default too: a layer from a configuration gets its weights from a file.

    Args:
        initializer: a Keras initializer, or any function of shape and dtype.
    """
    if not isinstance(initializer, keras.initializers.Initializer):
        initializer = keras.initializers.GlorotUniform()
    return keras.initializers.serialize(initializer)
