"""An unpickler that loads tensors and refuses everything else that a pickle can do."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from typing import Any, NamedTuple

#: PyTorch's storage types and the NumPy types of their values; bfloat16 as raw bits.
STORAGES = {
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "DoubleStorage": "<f8",
    "BFloat16Storage": "<u2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}


class Storage(NamedTuple):
    """A block of values in a file.

    Args:
        kind: one of `STORAGES`.
        key: its name in the file.
        size: the number of values.
    """

    kind: str
    key: str
    size: int


class StoredTensor(NamedTuple):
    """A tensor that is part of a storage.

    Args:
        storage: the storage.
        offset: the index of its first value in the storage.
        shape: its shape.
        strides: the distance between values along each axis.
    """

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class RefusedPickle(Exception):
    """A pickle refers to something that is not allowed; the message names it."""


class RestrictedUnpickler(pickle.Unpickler):
    """An unpickler that loads only dicts, lists, numbers, strings and PyTorch's tensors.

    If a pickle names anything else, it raises `RefusedPickle` without importing or calling it.
    """

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in ALLOWED:
            return ALLOWED[module, name]
        if module == "torch" and name in STORAGES:
            return name
        raise RefusedPickle(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> Storage:
        if not isinstance(pid, tuple) or pid[:1] != ("storage",) or pid[1] not in STORAGES:
            raise RefusedPickle(f"a reference to {pid!r}")
        _, kind, key, _, size, *_ = pid
        return Storage(kind, str(key), int(size))


def _rebuild_tensor(
    storage: Any, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any
) -> StoredTensor:
    last = offset + sum((size - 1) * step for size, step in zip(shape, strides, strict=True))
    inside = isinstance(storage, Storage) and offset >= 0 and last < max(storage.size, 1)
    if not inside or min([*shape, *strides], default=0) < 0:
        raise pickle.UnpicklingError("a tensor outside its storage")
    return StoredTensor(storage, offset, tuple(shape), tuple(strides))


def _rebuild_parameter(tensor: Any, *_: Any) -> Any:
    return tensor


#: The only globals that a pickle may name, besides the storages.
ALLOWED = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
}
