"""Weights in the HDF5 layout of Keras 2."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.saved_layer import SavedLayer
from gplinker_tf.errors import InputError
from gplinker_tf.extras import require

if TYPE_CHECKING:
    import h5py

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"

#: HDF5 limits attributes to 64 KiB; longer lists of names are split, as Keras 2 did.
ATTRIBUTE_BYTES = 64_000


def is_hdf5(path: Path) -> bool:
    """Return whether a file's content is HDF5."""
    with path.open("rb") as file:
        return file.read(len(HDF5_MAGIC)) == HDF5_MAGIC


def read_hdf5(path: Path) -> list[SavedLayer]:
    """Return the layers with weights in a file that Keras 2 saved: weights or a whole model.

    Args:
        path: an HDF5 file.

    Raises:
        InputError: the file has a different layout.
    """
    with _h5py().File(path) as file:
        return _layers_of(file, path)


def save_model_weights(model: keras.Model, path: str | Path, overwrite: bool = True) -> None:
    """Write a model's weights in Keras 2's HDF5 layout; the file appears only once complete.

    Args:
        model: any Keras model.
        path: the file.
        overwrite: whether to replace an existing file.

    Raises:
        InputError: the file exists and `overwrite` is False.
    """
    path = Path(path)
    expect_free(path, overwrite)
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


def expect_free(path: Path, overwrite: bool) -> None:
    """Check that a file may be written.

    Args:
        path: the file.
        overwrite: whether to replace an existing file.

    Raises:
        InputError: the file exists and `overwrite` is False.
    """
    if path.exists() and not overwrite:
        raise InputError(
            f"{path}: the file already exists. Choose another name, or pass overwrite=True."
        )


def _h5py() -> Any:
    """Return the module h5py, which Keras usually installs.

    Raises:
        InputError: h5py is not installed.
    """
    require("h5py", "An HDF5 file")
    import h5py

    return h5py


def _layers_of(file: h5py.File, path: Path) -> list[SavedLayer]:
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
