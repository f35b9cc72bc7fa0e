"""Lookup of activations by name: the choice of `set_gelu`, then the encoders', then Keras's."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.backend import gelu_erf, gelu_tanh
from gplinker_tf.encoders.layers.feed_forward import ACTIVATIONS


def activation_of(name: Any) -> Any:
    """Return the activation function for a name; a function is returned unchanged.

    Args:
        name: `"gelu"`, `"gelu_new"`, any name that Keras knows, or a function.
    """
    if not isinstance(name, str):
        return keras.activations.get(name)
    chosen = keras.utils.get_custom_objects().get(name)
    chosen = {gelu_erf: ACTIVATIONS["gelu"], gelu_tanh: ACTIVATIONS["gelu_new"]}.get(chosen, chosen)
    return chosen or ACTIVATIONS.get(name) or keras.activations.get(name)


def name_of(activation: Any) -> Any:
    """Return the name by which `activation_of` finds a function.

    Args:
        activation: a function.
    """
    names = [name for name, function in ACTIVATIONS.items() if function is activation]
    return names[0] if names else keras.activations.serialize(activation)


def activation_of_keras(name: Any) -> Any:
    """Return an activation for Keras's own layers, which know neither `set_gelu` nor `"gelu_new"`.

    Args:
        name: as for `activation_of`.
    """
    if not isinstance(name, str):
        return name
    return keras.utils.get_custom_objects().get(name, gelu_tanh if name == "gelu_new" else name)
