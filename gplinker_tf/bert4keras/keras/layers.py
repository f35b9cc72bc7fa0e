"""`keras.layers`, where every layer has the `get_output_at` of Keras 2."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras

__all__ = [name for name in dir(keras.layers) if not name.startswith("_")]


def __getattr__(name: str) -> Any:
    return getattr(keras.layers, name)


def __dir__() -> list[str]:
    return __all__


def _get_output_at(layer: Any, node_index: int) -> Any:
    """What the layer returned in its `node_index`-th call; a list if several tensors."""
    return _one_or_all(layer._inbound_nodes[node_index].output_tensors)


def _get_input_at(layer: Any, node_index: int) -> Any:
    """What the layer was given in its `node_index`-th call."""
    return _one_or_all(layer._inbound_nodes[node_index].input_tensors)


def _one_or_all(tensors: Any) -> Any:
    return tensors[0] if len(tensors) == 1 else list(tensors)


# Keras 3 has dropped these two; scripts call them on layers that others have made.
for _name, _method in (("get_output_at", _get_output_at), ("get_input_at", _get_input_at)):
    if not hasattr(keras.layers.Layer, _name):
        setattr(keras.layers.Layer, _name, _method)
