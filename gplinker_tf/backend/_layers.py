"""Layers, in both Keras generations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend._generation import KERAS_3, keras, tf

#: An object whose variables are saved with the layer that has it, but are no weights of it: those
#: of a `tf.Module` would be, under legacy Keras.
AutoTrackable = tf.__internal__.tracking.AutoTrackable


def layers_within(model: keras.Model) -> list[Any]:
    """All layers of a model, those inside others too, in its order."""
    return list(model._flatten_layers(include_self=False))


def dtype_policy_of(layer: Any) -> Any:
    """The dtype policy of a layer, by which it computes and keeps its weights."""
    return layer.dtype_policy if hasattr(layer, "dtype_policy") else layer._dtype_policy


def call_of_output(model: keras.Model) -> tuple[Any, Any]:
    """The layer that gives a functional model's output, and what it was called with then.

    A layer that is called several times has several inputs; this is the one of the last call.
    """
    layer, node, _ = model.outputs[0]._keras_history
    if KERAS_3:
        inputs = layer._inbound_nodes[node].input_tensors
        return layer, inputs[0] if len(inputs) == 1 else inputs
    return layer, layer.get_input_at(node)
