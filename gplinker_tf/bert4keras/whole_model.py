"""Whole models, layers with their weights, saved under any file name, as in Keras 2.3."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.hdf5_weights import expect_free


def save_whole_model(save: Callable[..., None], path: str | Path, overwrite: bool) -> None:
    """Write a model in Keras's own format.

    Args:
        save: the model's method `save` from Keras.
        path: the file.
        overwrite: whether to replace an existing file.

    Raises:
        InputError: the file exists and `overwrite` is False.
    """
    path = Path(path)
    expect_free(path, overwrite)
    # Keras infers the format from the file extension.
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        unfinished = Path(folder) / "model.keras"
        save(unfinished)
        unfinished.replace(path)


def load_whole_model(path: str | Path, *args: Any, **kwargs: Any) -> keras.Model:
    """Load a model from a file of any name; bert4keras's layers are known.

    Args:
        path: the file, or anything else that Keras loads a model from.
        *args: arguments of Keras's `load_model`: `custom_objects`, `compile`.
        **kwargs: the same.
    """
    path = Path(path)
    if path.suffix == ".keras" or not zipfile.is_zipfile(path):
        return keras.models.load_model(str(path), *args, **kwargs)
    with tempfile.TemporaryDirectory() as folder:
        named = shutil.copy(path, Path(folder) / "model.keras")
        return keras.models.load_model(named, *args, **kwargs)
