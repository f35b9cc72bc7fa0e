"""A model's weights as one safetensors file that both Keras generations read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from gplinker_tf.errors import InputError
from gplinker_tf.models.gplinker import HEADS, GPLinker


def save_weights(model: GPLinker, path: str | Path) -> None:
    """Writes the weights of encoder and pointers; an old file stays until the new one is whole.

    Weights are named `encoder/<layer>/<number>`, `entity/<number>`, ...: layer names and the order
    within a layer are ours, so they do not depend on the Keras generation.

    Args:
        model: the model; every layer of its encoder has a name of its own.
        path: the file, by convention `model.safetensors`.
    """
    path = Path(path)
    unfinished = path.with_name(path.name + ".unfinished")
    arrays = {
        name: np.ascontiguousarray(array)
        for prefix, layer in _parts(model)
        for name, array in _named(prefix, layer.get_weights())
    }
    unfinished.write_bytes(save(arrays))
    os.replace(unfinished, path)


def load_weights(model: GPLinker, path: str | Path) -> None:
    """Sets the weights of `model` to those of the file.

    Raises:
        InputError: the file is missing or broken, or belongs to a model of another shape; nothing
            is changed then.
    """
    arrays = _read(Path(path))
    assignments = [
        (layer, [_fitting(arrays, name, array, path) for name, array in _named(prefix, weights)])
        for prefix, layer in _parts(model)
        if (weights := layer.get_weights())
    ]
    for layer, weights in assignments:
        layer.set_weights(weights)


def _parts(model: GPLinker) -> Iterator[tuple[str, Any]]:
    for layer in model.encoder.layers:
        yield f"encoder/{layer.name}", layer
    for name in HEADS:
        yield name, getattr(model, name)


def _named(prefix: str, arrays: list[np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    for number, array in enumerate(arrays):
        yield f"{prefix}/{number}", array


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise InputError(f"Expected the weights of a trained model. Received: no file {path}.")
    try:
        return load_file(path)
    except SafetensorError as error:
        raise InputError(
            f"{path}: expected a safetensors file. Received: {error}. "
            "The file is broken or cut short; train again or copy it again."
        ) from error


def _fitting(
    arrays: dict[str, np.ndarray], name: str, like: np.ndarray, path: str | Path
) -> np.ndarray:
    array = arrays.get(name)
    if array is None or array.shape != like.shape:
        received = "no such tensor" if array is None else f"shape {list(array.shape)}"
        raise InputError(
            f"{path}: expected tensor {name} of shape {list(like.shape)}. Received: {received}. "
            "The weights and config.json beside them come from different models."
        )
    return array
