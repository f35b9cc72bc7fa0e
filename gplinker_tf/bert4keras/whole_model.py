"""Whole models, layers with their weights, in a file of any name, as Keras 2.3 saved them."""

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
    """Writes a model in Keras's own format.

    Args:
        save: Keras's own method of the model.
        path: the file.
        overwrite: whether to replace a file that is there.

    Raises:
        InputError: the file is there and is not to be replaced.
    """
    path = Path(path)
    expect_free(path, overwrite)
    # Keras tells the format from the ending.
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        unfinished = Path(folder) / "model.keras"
        save(unfinished)
        unfinished.replace(path)


def load_whole_model(path: str | Path, *args: Any, **kwargs: Any) -> keras.Model:
    """The model in a file of any name; the layers of bert4keras are known.

    Args:
        path: the file; or what else Keras loads a model from.
        *args: Keras's, as `**kwargs` are: `custom_objects`, `compile`.
        **kwargs: see `*args`.
    """
    path = Path(path)
    if path.suffix == ".keras" or not zipfile.is_zipfile(path):
        return keras.models.load_model(str(path), *args, **kwargs)
    with tempfile.TemporaryDirectory() as folder:
        named = shutil.copy(path, Path(folder) / "model.keras")
        return keras.models.load_model(named, *args, **kwargs)
