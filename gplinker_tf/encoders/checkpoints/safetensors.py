"""Reader for the safetensors files of Hugging Face's models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from gplinker_tf.encoders.checkpoints.base import Checkpoint
from gplinker_tf.errors import InputError

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"


class SafetensorsCheckpoint(Checkpoint):
    """The tensors of a `model.safetensors`.

    Args:
        path: the file, or the `model.safetensors.index.json` of a model split into several files.

    Raises:
        InputError: the file does not exist, or is not in the safetensors format.

    Source: https://huggingface.co/docs/safetensors.
    """

    turned = True

    def __init__(self, path: str | Path) -> None:
        self._places = {
            name.replace(".", "/"): (file, name)
            for file in _files(Path(path))
            for name in _tensor_names(file)
        }
        super().__init__(path, self._places)

    def _read(self, stored: str) -> np.ndarray:
        file, name = self._places[stored]
        with safe_open(file, framework="np") as tensors:
            kind = tensors.get_slice(name).get_dtype()
            if kind not in ("F32", "F16"):
                raise InputError(
                    f"{file}: Expected float32 or float16. Received: {name} of type {kind}. "
                    "Save the model in float32."
                )
            return tensors.get_tensor(name).astype(np.float32)


def _files(path: Path) -> list[Path]:
    if not path.is_file():
        raise InputError(f"{path}: Expected a safetensors file. There is no such file.")
    if path.suffix != ".json":
        return [path]
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))["weight_map"].values()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(f"{path}:1: Expected a JSON object with a weight_map.") from None
    return [path.parent / part for part in sorted(set(parts))]


def _tensor_names(file: Path) -> Iterator[str]:
    try:
        with safe_open(file, framework="np") as tensors:
            yield from tensors.keys()
    except (SafetensorError, OSError) as error:
        raise InputError(f"{file}: is not a readable safetensors file: {error}") from None
