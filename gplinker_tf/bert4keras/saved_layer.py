"""Saved weights of layers, and loading them into layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gplinker_tf.errors import InputError


class SavedLayer(NamedTuple):
    """The weights of one layer, in the layer's order; the name is `None` for a checkpoint."""

    name: str | None
    arrays: list[np.ndarray]


def fill_layers(layers: list[Any], saved: list[SavedLayer], path: str | Path) -> None:
    """Set the weights of all layers, or of none if they do not fit.

    Args:
        layers: Keras layers.
        saved: the weights for each of them, in the same order.
        path: the file that they come from, for error messages.

    Raises:
        InputError: a layer differs; the message names the first one, with both shapes.
    """
    for layer, stored in zip(layers, saved, strict=False):
        expected = [tuple(weight.shape) for weight in layer.weights]
        found = [array.shape for array in stored.arrays]
        if expected != found:
            raise InputError(
                f"{path}: the first layer that differs is {layer.name!r}. Expected weights of "
                f"{_shapes(expected)}. Received: "
                f"{_shapes(found)}{'' if stored.name is None else f' of {stored.name!r}'}. Build "
                "the model with the same sizes and layers as when it was saved."
            )
    if len(layers) != len(saved):
        longer = layers if len(layers) > len(saved) else saved
        raise InputError(
            f"{path}: expected {len(layers)} layers with weights. Received: {len(saved)}; the "
            f"first without a counterpart is {longer[min(len(layers), len(saved))].name!r}. "
            "Build the model with the same layers as when it was saved."
        )
    for layer, stored in zip(layers, saved, strict=True):
        layer.set_weights(stored.arrays)


def _shapes(shapes: list[tuple[int, ...]]) -> str:
    return " ".join(map(str, shapes)) or "no shape"
