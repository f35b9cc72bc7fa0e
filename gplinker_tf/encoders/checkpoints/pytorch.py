"""Reader for the `pytorch_model.bin` files of Hugging Face's models, without PyTorch.

Such a file is a pickle, which can run code when it is loaded; only pickles of tensors are read.
"""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from gplinker_tf.encoders.checkpoints.base import Checkpoint
from gplinker_tf.encoders.checkpoints.restricted_unpickler import (
    STORAGES,
    RefusedPickle,
    RestrictedUnpickler,
    Storage,
    StoredTensor,
)
from gplinker_tf.errors import InputError

BIN = "pytorch_model.bin"

#: The number at the beginning of files from before PyTorch 1.6.
MAGIC = 0x1950A86A20F9469CFC6C

#: The exceptions that Python's unpickler raises for bytes that are not a pickle.
NO_PICKLE = (
    pickle.UnpicklingError,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
)


class PyTorchCheckpoint(Checkpoint):
    """The tensors of a `pytorch_model.bin`, of any version of PyTorch.

    Args:
        path: the file.

    Raises:
        InputError: the file does not exist, is not a dict of tensors, or would run code.

    Source: https://pytorch.org/docs/stable/notes/serialization.html.
    """

    turned = True

    def __init__(self, path: str | Path) -> None:
        if not Path(path).is_file():
            raise InputError(f"{path}: Expected a PyTorch file. There is no such file.")
        self._offsets: dict[str, int] = {}
        self._folder = ""
        try:
            values = self._load_zip(path) if zipfile.is_zipfile(path) else self._load_old(path)
        except RefusedPickle as error:
            raise InputError(
                f"{path}: Expected a PyTorch file with only tensors. Received: a pickle that calls "
                f"{error}, which could run code. Nothing was executed. {ADVICE}"
            ) from None
        except (*NO_PICKLE, zipfile.BadZipFile) as error:
            raise InputError(f"{path}: is not a readable PyTorch file: {error!r}") from None
        if not isinstance(values, dict):
            raise InputError(
                f"{path}: Expected a dict of tensors. Received: {type(values).__name__}. {ADVICE}"
            )
        self._tensors = {
            str(name).replace(".", "/"): tensor
            for name, tensor in values.items()
            if isinstance(tensor, StoredTensor)
        }
        super().__init__(path, self._tensors)

    def _load_zip(self, path: str | Path) -> Any:
        with zipfile.ZipFile(path) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith("data.pkl"))
            self._folder = name.removesuffix("data.pkl")
            with archive.open(name) as file:
                return RestrictedUnpickler(file).load()

    def _load_old(self, path: str | Path) -> Any:
        """Load the old format: several pickles, then the storages in the order of their keys."""
        with open(path, "rb") as file:
            if RestrictedUnpickler(file).load() != MAGIC:
                raise ValueError("wrong magic number")
            for _ in ("version", "system"):
                RestrictedUnpickler(file).load()
            unpickler = _Noting(file)
            values = unpickler.load()
            for key in RestrictedUnpickler(file).load():
                self._offsets[key] = file.tell() + 8  # after the number of values
                file.seek(self._offsets[key] + unpickler.bytes_of[key])
            return values

    def _read(self, stored: str) -> np.ndarray:
        tensor = self._tensors[stored]
        kind = np.dtype(STORAGES[tensor.storage.kind])
        try:
            values = np.frombuffer(self._bytes_of(tensor.storage), kind, tensor.storage.size)
        except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
            raise InputError(f"{self.path}: {stored} cannot be read: {error}") from None
        if tensor.storage.kind == "BFloat16Storage":
            values = (values.astype(np.uint32) << 16).view(np.float32)
        steps = [step * values.itemsize for step in tensor.strides]
        part = np.lib.stride_tricks.as_strided(values[tensor.offset :], tensor.shape, steps)
        return np.array(part, np.float32)

    def _bytes_of(self, storage: Storage) -> bytes:
        if self._folder:
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(f"{self._folder}data/{storage.key}")
        with open(self.path, "rb") as file:
            file.seek(self._offsets[storage.key])
            return file.read(_bytes_in(storage))


class _Noting(RestrictedUnpickler):
    """An unpickler that records the size of each storage in bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.bytes_of: dict[str, int] = {}

    def persistent_load(self, pid: Any) -> Storage:
        storage = super().persistent_load(pid)
        self.bytes_of[storage.key] = _bytes_in(storage)
        return storage


def _bytes_in(storage: Storage) -> int:
    return storage.size * np.dtype(STORAGES[storage.kind]).itemsize


ADVICE = (
    "If you trust it, convert it with PyTorch: `from transformers import AutoModel; "
    "AutoModel.from_pretrained(FOLDER).save_pretrained(FOLDER, safe_serialization=True)`."
)
