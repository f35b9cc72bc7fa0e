"""Files like those that transformers has written, made without PyTorch."""

import io
import pickle
import re
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path
from unittest.mock import patch

import h5py
import numpy as np
from safetensors.numpy import save_file

#: Parts of names in Google's ALBERT, and the same parts in transformers.
ALBERT = {
    "encoder.transformer.group_0.inner_group_0.": "encoder.albert_layer_groups.0.albert_layers.0.",
    "attention_1.self.": "attention.",
    "attention_1.output.dense": "attention.dense",
    "layers.0.LayerNorm_1": "layers.0.full_layer_layer_norm",
    "layers.0.LayerNorm.": "layers.0.attention.LayerNorm.",
    "ffn_1.intermediate.output.dense": "ffn_output",
    "ffn_1.intermediate.dense": "ffn",
}


def transformers_names(family: str, name: str) -> str:
    """Return the name of a tensor in a `.safetensors` or a `pytorch_model.bin`."""
    name = name.replace("/", ".").replace(".layer_", ".layer.")
    if family.startswith("albert"):
        name = name.replace("embeddings_project", "encoder.embedding_hidden_mapping_in")
        for google, here in ALBERT.items():
            name = name.replace(google, here)
    name = re.sub(r"_embeddings$", "_embeddings.weight", name)
    name = re.sub(r"(\.kernel|\.gamma)$", ".weight", name)
    return f"{family.split('_un')[0].removesuffix('_v2')}.{name.replace('.beta', '.bias')}"


def turned(tensors: dict) -> dict:
    """Return the tensors with kernels transposed, as in PyTorch."""
    return {
        name: np.ascontiguousarray(value.T) if name.endswith("/kernel") else value
        for name, value in tensors.items()
    }


def write_safetensors(path: Path, family: str, tensors: dict) -> None:
    values = turned(tensors)
    save_file({transformers_names(family, n): v for n, v in values.items()}, path)


def write_h5(path: Path, family: str, tensors: dict) -> None:
    """Write a `tf_model.h5`, with kernels as in TensorFlow and numbered layers."""
    with h5py.File(path, "w") as file:
        for name, value in tensors.items():
            scope, here = transformers_names(family, name).split(".", 1)
            here = re.sub(r"(layer|groups|layers)/(\d+)", r"\1_._\2", here.replace(".", "/"))
            kernel, norm = name.endswith("/kernel"), name.endswith(("/gamma", "/beta"))
            if kernel or norm:
                here = here.rsplit("/", 1)[0] + "/" + name.rsplit("/", 1)[1]
            file[f"{scope}/tf_{scope}_model/{scope}/{here}:0"] = value


class _Storage:
    def __init__(self, key, values):
        self.key, self.values = key, values


def _tensor_pickle(values: dict, extra=()) -> tuple[bytes, list[_Storage]]:
    """Return the pickle of a state dict, with names of PyTorch's functions but without values."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2(*arguments): ...

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = (
        "torch._utils",
        ("_rebuild_tensor_v2"),
    )
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    storages = [_Storage(str(n), value) for n, value in enumerate(values.values())]

    class Tensor:
        def __init__(self, storage):
            self.storage = storage

        def __reduce__(self):
            array = self.storage.values
            steps = tuple(step // array.itemsize for step in array.strides)
            arguments = (self.storage, 0, array.shape, steps, False, OrderedDict())
            return _rebuild_tensor_v2, arguments

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj):
            if isinstance(obj, _Storage):
                return "storage", torch.FloatStorage, obj.key, "cpu", obj.values.size
            return None

    state = OrderedDict(zip(values, map(Tensor, storages), strict=True))
    state |= dict(extra)
    stream = io.BytesIO()
    with patch.dict(sys.modules, {"torch": torch, "torch._utils": utils}):
        Pickler(stream, protocol=2).dump(state)
    return stream.getvalue(), storages


def write_bin(path: Path, family: str, tensors: dict, extra=()) -> None:
    """Write a `pytorch_model.bin` as PyTorch does since version 1.6."""
    names = {transformers_names(family, n): v for n, v in turned(tensors).items()}
    data, storages = _tensor_pickle(names, extra)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", data)
        archive.writestr("archive/version", "3\n")
        for storage in storages:
            archive.writestr(f"archive/data/{storage.key}", storage.values.tobytes())


def write_old_bin(path: Path, family: str, tensors: dict) -> None:
    """Write a `pytorch_model.bin` as PyTorch did before version 1.6."""
    names = {transformers_names(family, n): v for n, v in turned(tensors).items()}
    data, storages = _tensor_pickle(names)
    with path.open("wb") as file:
        for value in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
            pickle.dump(value, file, protocol=2)
        file.write(data)
        pickle.dump([storage.key for storage in storages], file, protocol=2)
        for storage in storages:
            file.write(np.int64(storage.values.size).tobytes() + storage.values.tobytes())
