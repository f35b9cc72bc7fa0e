"""Reader for the `tf_model.h5` files of Hugging Face's models."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gplinker_tf.encoders.checkpoints.base import Checkpoint
from gplinker_tf.errors import InputError
from gplinker_tf.extras import require

H5 = "tf_model.h5"


class Hdf5Checkpoint(Checkpoint):
    """The tensors of a `tf_model.h5`, whose kernels have TensorFlow's orientation.

    Args:
        path: the file.

    Raises:
        InputError: the file does not exist, is not in HDF5, or h5py is not installed.

    Source: https://huggingface.co/docs/transformers.
    """

    def __init__(self, path: str | Path) -> None:
        if not Path(path).is_file():
            raise InputError(f"{path}: Expected an HDF5 file. There is no such file.")
        require("h5py", f"{path}: an HDF5 file")
        import h5py

        names: list[str] = []
        try:
            self._file = h5py.File(path, "r")
            self._file.visititems(
                lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None
            )
        except OSError as error:
            raise InputError(f"{path}: is not a readable HDF5 file: {error}") from None
        self._tensors = {name.split(":")[0]: name for name in names}
        super().__init__(path, self._tensors)

    def _read(self, stored: str) -> np.ndarray:
        return np.asarray(self._file[self._tensors[stored]], np.float32)
