"""`keras.layers` as in Keras 2: layers have `get_output_at`, and sums keep masks."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras
from gplinker_tf.bert4keras.layer import Layer

__all__ = [name for name in dir(keras.layers) if not name.startswith("_")]


#: Layers that bert4keras replaces with its own.
REPLACED = ("GlobalAveragePooling1D", "GlobalMaxPooling1D")


def __getattr__(name: str) -> Any:
    if name in REPLACED:
        from gplinker_tf.bert4keras import pooling

        return getattr(pooling, name)
    return getattr(keras.layers, name)


def __dir__() -> list[str]:
    return __all__


def _get_output_at(layer: Any, node_index: int) -> Any:
    """Return the layer's output of call number `node_index`; a list if it has several tensors."""
    return _one_or_all(layer._inbound_nodes[node_index].output_tensors)


def _get_input_at(layer: Any, node_index: int) -> Any:
    """Return the layer's input of call number `node_index`."""
    return _one_or_all(layer._inbound_nodes[node_index].input_tensors)


def _one_or_all(tensors: Any) -> Any:
    return tensors[0] if len(tensors) == 1 else list(tensors)


# Keras 3 has dropped these two; scripts call them on layers created elsewhere.
for _name, _method in (("get_output_at", _get_output_at), ("get_input_at", _get_input_at)):
    if not hasattr(keras.layers.Layer, _name):
        setattr(keras.layers.Layer, _name, _method)


class _MaskOfAll(Layer):
    """A mixin that combines the masks of several inputs as Keras 2 does: those that exist."""

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        joined = None
        for part in mask or ():
            if part is not None:
                joined = part if joined is None else keras.ops.logical_and(joined, part)
        return joined


if KERAS_3:
    for _name in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"):
        globals()[_name] = keras.utils.register_keras_serializable("gplinker_tf.bert4keras")(
            type(_name, (_MaskOfAll, getattr(keras.layers, _name)), {"__module__": __name__})
        )
