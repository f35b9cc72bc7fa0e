"""Weights saved by Keras 2 or bert4keras: HDF5 under any name, or a TensorFlow checkpoint."""

from __future__ import annotations

import re
from pathlib import Path

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.hdf5_weights import is_hdf5, read_hdf5
from gplinker_tf.bert4keras.saved_layer import SavedLayer, fill_layers
from gplinker_tf.errors import InputError

#: Parts of bert4keras's layers in the order of their weights, which a checkpoint does not keep.
PARTS = (
    *("embeddings", "beta", "gamma", "hidden_dense", "beta_dense", "gamma_dense"),
    *("i_dense", "q_scaleoffset", "k_scaleoffset", "uq_dense"),
    *("p_dense", "q_dense", "k_dense", "v_dense", "dense", "i0_dense", "i1_dense", "o_dense"),
    *("kernel", "bias"),
)


def read_saved_weights(path: str | Path) -> list[SavedLayer]:
    """Return the layers of a saved model that have weights, in the model's order.

    Args:
        path: an HDF5 file, or the prefix of a TensorFlow checkpoint; recognized by content.

    Raises:
        InputError: the file does not exist, cannot be read, or has another format.
    """
    path = Path(path)
    if path.is_file() and is_hdf5(path):
        return read_hdf5(path)
    if path.with_name(f"{path.name}.index").exists():
        try:
            return _read_checkpoint(str(path))
        except tf.errors.OpError as error:
            raise InputError(
                f"{path}: the TensorFlow checkpoint cannot be read ({error.message}). "
                "Copy its .index and .data files again."
            ) from None
    if not path.exists():
        raise InputError(f"{path}: no such file, and no TensorFlow checkpoint of that name.")
    raise InputError(
        f"{path}: expected weights that Keras 2 saved, HDF5 or a TensorFlow checkpoint. Received: "
        "neither. Save them again with model.save_weights(...)."
    )


def load_model_weights(model: keras.Model, path: str | Path, by_name: bool = False) -> None:
    """Load saved weights into a model, or leave it unchanged and say what does not fit.

    Args:
        model: the model to load into.
        path: as for `read_saved_weights`.
        by_name: load only the layers that the file names; otherwise all, in order.

    Raises:
        InputError: the file cannot be read, or a layer differs; the message names the first.
    """
    saved = read_saved_weights(path)
    layers = [layer for layer in model.layers if layer.weights]
    if by_name:
        if any(layer.name is None for layer in saved):
            raise InputError(f"{path}: a TensorFlow checkpoint has no names. Load it by order.")
        named = {layer.name: layer for layer in layers}
        saved = [layer for layer in saved if layer.name in named]
        layers = [named[layer.name] for layer in saved]
    fill_layers(layers, saved, path)


def _read_checkpoint(prefix: str) -> list[SavedLayer]:
    """Read the variables of Keras's object graph: `layer_with_weights-7/q_dense/kernel/...`."""
    reader = tf.train.load_checkpoint(prefix)
    pattern = re.compile(r"layer_with_weights-(\d+)/([^.]+)/\.ATTRIBUTES/VARIABLE_VALUE")
    layers: dict[int, list[tuple[list, str]]] = {}
    for key in reader.get_variable_to_shape_map():
        if match := pattern.fullmatch(key):
            number, place = int(match[1]), [_part_rank(part) for part in match[2].split("/")]
            layers.setdefault(number, []).append((place, key))
    if not layers:
        raise InputError(
            f"{prefix}: expected the weights of a Keras model. Received: a checkpoint without "
            "any. For Google's bert_model.ckpt, use build_transformer_model(config, checkpoint)."
        )
    return [
        SavedLayer(None, [reader.get_tensor(key) for _, key in sorted(layers[number])])
        for number in sorted(layers)
    ]


def _part_rank(part: str) -> tuple[int, str]:
    return (PARTS.index(part) if part in PARTS else len(PARTS), part)
