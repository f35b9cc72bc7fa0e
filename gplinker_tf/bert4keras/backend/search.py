"""Search for layers by name."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import tf


def search_layer(inputs: Any, name: str, exclude_from: set | None = None) -> Any:
    """Return the layer called `name` that leads to a tensor or belongs to a model, or `None`.

    Args:
        inputs: a layer, a model, or a layer's output.
        name: the layer's name.
        exclude_from: layers at which the search stops; the visited layers are added to it.
    """
    seen = set() if exclude_from is None else exclude_from
    known = {id(layer) for layer in seen}
    waiting = [inputs if hasattr(inputs, "weights") else inputs._keras_history[0]]
    while waiting:
        layer = waiting.pop()
        if layer.name == name:
            return layer
        if id(layer) in known:
            continue
        known.add(id(layer))
        seen.add(layer)
        waiting += getattr(layer, "layers", [])
        for node in layer._inbound_nodes:
            tensors = tf.nest.flatten(getattr(node, "input_tensors", []))
            waiting += [tensor._keras_history[0] for tensor in tensors]
    return None
