"""Copying and serialization of initializers, which may also be plain functions."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras


def fresh(initializer: Any) -> Any:
    """Return a copy of an initializer: in Keras 3, a reused one draws the same numbers again.

    Args:
        initializer: a Keras initializer, or any function of shape and dtype.
    """
    if isinstance(initializer, keras.initializers.Initializer):
        return type(initializer).from_config(initializer.get_config())
    return initializer


def serialized_initializer(initializer: Any) -> Any:
    """Return an initializer's configuration; that of Keras's default if it is a function.

    bert4keras does the same: a layer built from a configuration loads its weights from a file.

    Args:
        initializer: a Keras initializer, or any function of shape and dtype.
    """
    if not isinstance(initializer, keras.initializers.Initializer):
        initializer = keras.initializers.GlorotUniform()
    return keras.initializers.serialize(initializer)
