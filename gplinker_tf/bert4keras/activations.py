"""Activations by name: what `set_gelu` chose, those of the encoders, then those of Keras."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.backend import gelu_erf, gelu_tanh
from gplinker_tf.encoders.layers.feed_forward import ACTIVATIONS


def activation_of(name: Any) -> Any:
    """The function of a name, for a layer that calls it; a function is itself.

    Args:
        name: `"gelu"`, `"gelu_new"`, a name that Keras knows, or a function.
    """
    if not isinstance(name, str):
        return keras.activations.get(name)
    chosen = keras.utils.get_custom_objects().get(name)
    chosen = {gelu_erf: ACTIVATIONS["gelu"], gelu_tanh: ACTIVATIONS["gelu_new"]}.get(chosen, chosen)
    return chosen or ACTIVATIONS.get(name) or keras.activations.get(name)


def name_of(activation: Any) -> Any:
    """The name under which `activation_of` finds a function again.

    Args:
        activation: a function.
    """
    names = [name for name, function in ACTIVATIONS.items() if function is activation]
    return names[0] if names else keras.activations.serialize(activation)


def activation_of_keras(name: Any) -> Any:
    """An activation for Keras's own layers, which know neither `set_gelu` nor `"gelu_new"`.

    Args:
        name: as `activation_of` takes it.
    """
    if not isinstance(name, str):
        return name
    return keras.utils.get_custom_objects().get(name, gelu_tanh if name == "gelu_new" else name)
