"""Weights as Keras 2 and bert4keras saved them: HDF5 under any name, or a TensorFlow checkpoint."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.backend import keras, tf
from gplinker_tf.errors import InputError
from gplinker_tf.extras import is_there, way_to

if TYPE_CHECKING:
    import h5py

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"

#: HDF5 holds attributes of less than 64 KiB; longer lists of names are cut, as Keras 2 cut them.
ATTRIBUTE_BYTES = 64_000

#: bert4keras's parts of a layer in the order of its weights; a checkpoint does not keep the order.
PARTS = (
    *("embeddings", "beta", "gamma", "hidden_dense", "beta_dense", "gamma_dense"),
    *("i_dense", "q_scaleoffset", "k_scaleoffset", "uq_dense"),
    *("p_dense", "q_dense", "k_dense", "v_dense", "dense", "i0_dense", "i1_dense", "o_dense"),
    *("kernel", "bias"),
)


class SavedLayer(NamedTuple):
    """The weights of one layer, in the layer's order; the name is `None` in a checkpoint."""

    name: str | None
    arrays: list[np.ndarray]


def save_model_weights(model: keras.Model, path: str | Path, overwrite: bool = True) -> None:
    """Writes a model's weights in the HDF5 layout of Keras 2; the file appears when it is whole.

    Args:
        model: any Keras model.
        path: the file.
        overwrite: whether to replace a file that is there.

    Raises:
        InputError: the file is there and is not to be replaced.
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise InputError(
            f"{path}: expected no file of this name. Choose another name, or overwrite=True."
        )
    h5py = _h5py()
    with whole_file(path) as unfinished, h5py.File(unfinished, "w") as file:
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = b"2.3.1"
        _write_names(file, "layer_names", [layer.name for layer in model.layers])
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/weight_{number}:0" for number in range(len(layer.weights))]
            _write_names(group, "weight_names", names)
            for name, array in zip(names, layer.get_weights(), strict=True):
                group.create_dataset(name, data=array)


def read_saved_weights(path: str | Path) -> list[SavedLayer]:
    """The layers of a saved model that have weights, in the model's order.

    Args:
        path: an HDF5 file, or the prefix of a TensorFlow checkpoint; the content tells which.

    Raises:
        InputError: there is nothing, or something else.
    """
    path = Path(path)
    if path.is_file() and _is_hdf5(path):
        with _h5py().File(path) as file:
            return _read_hdf5(file, path)
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
    """Fills a model from saved weights, or leaves it as it is and says what does not fit.

    Args:
        model: what to fill.
        path: as in `read_saved_weights`.
        by_name: fill the layers that the file names; else all, in order.

    Raises:
        InputError: nothing readable is there, or a layer differs: the message names the first.
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


def fill_layers(layers: list[Any], saved: list[SavedLayer], path: str | Path) -> None:
    """Sets the weights of layers, of all or of none.

    Args:
        layers: Keras layers.
        saved: what is for each of them, in the same order.
        path: where it comes from, for errors.

    Raises:
        InputError: the first layer that differs, its shapes, and what was expected.
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


def _is_hdf5(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(HDF5_MAGIC)) == HDF5_MAGIC


def _h5py() -> Any:
    """h5py, which Keras brings as a rule.

    Raises:
        InputError: it is missing.
    """
    if not is_there("h5py"):
        raise InputError(
            f"Expected h5py for HDF5 files. Received: none. Install it: {way_to('h5py')}."
        )
    import h5py

    return h5py


def _read_hdf5(file: h5py.File, path: Path) -> list[SavedLayer]:
    if "model_weights" in file:  # a whole model, saved with `model.save`
        file = file["model_weights"]
    if "layer_names" not in file.attrs and "layer_names0" not in file.attrs:
        raise InputError(
            f"{path}: expected the HDF5 layout of Keras 2. Received: another one, such as that of "
            "Keras 3's .weights.h5. Load it with Keras 3 and save it with "
            "gplinker_tf.bert4keras.keras.models.Model.save_weights."
        )
    layers = []
    for name in _read_names(file, "layer_names"):
        arrays = [
            np.array(file[name][weight]) for weight in _read_names(file[name], "weight_names")
        ]
        if arrays:
            layers.append(SavedLayer(name, arrays))
    return layers


def _read_checkpoint(prefix: str) -> list[SavedLayer]:
    """The variables of Keras's object graph: `layer_with_weights-7/q_dense/kernel/...`."""
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


def _write_names(group: h5py.Group, attribute: str, names: list[str]) -> None:
    encoded = [name.encode() for name in names]
    if sum(map(len, encoded)) < ATTRIBUTE_BYTES // 2:
        group.attrs[attribute] = encoded
        return
    pieces = np.array_split(np.array(encoded), sum(map(len, encoded)) // (ATTRIBUTE_BYTES // 4))
    for number, piece in enumerate(pieces):
        group.attrs[f"{attribute}{number}"] = piece


def _read_names(group: h5py.Group, attribute: str) -> list[str]:
    if attribute in group.attrs:
        names = list(group.attrs[attribute])
    else:
        names, number = [], 0
        while f"{attribute}{number}" in group.attrs:
            names += list(group.attrs[f"{attribute}{number}"])
            number += 1
    return [name.decode() if isinstance(name, bytes) else name for name in names]
