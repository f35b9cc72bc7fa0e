"""Helpers for layers in both Keras generations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend._generation import KERAS_3, keras, tf

#: An object whose variables are saved with the layer that holds it, but are not weights of the
#: layer, as the variables of a `tf.Module` would be under legacy Keras.
AutoTrackable = tf.__internal__.tracking.AutoTrackable


def layers_within(model: keras.Model) -> list[Any]:
    """Return all layers of a model in order, including nested ones."""
    return list(model._flatten_layers(include_self=False))


def dtype_policy_of(layer: Any) -> Any:
    """Return the dtype policy of a layer, for its computations and its weights."""
    return layer.dtype_policy if hasattr(layer, "dtype_policy") else layer._dtype_policy


def call_of_output(model: keras.Model) -> tuple[Any, Any]:
    """Return the layer that produces a functional model's output, and the inputs of that call.

    If the layer is called several times, these are the inputs of the call that gives the output.
    """
    layer, node, _ = model.outputs[0]._keras_history
    if KERAS_3:
        inputs = layer._inbound_nodes[node].input_tensors
        return layer, inputs[0] if len(inputs) == 1 else inputs
    return layer, layer.get_input_at(node)
