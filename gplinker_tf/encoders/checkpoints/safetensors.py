"""Reads the safetensors files that Hugging Face's BERT models come in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from gplinker_tf.errors import InputError

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"


class HuggingFaceCheckpoint:
    """The tensors of a `model.safetensors`, under Google's names and in Google's orientation.

    Names may carry a leading `bert.`; normalization weights may be called gamma and beta, as in
    old files. float16 comes out as float32.

    Args:
        path: the folder, its `model.safetensors`, or the `model.safetensors.index.json` of a
            model in several files.

    Raises:
        InputError: there is no such file, or it is not in the safetensors format.

    Source: https://huggingface.co/docs/safetensors.
    """

    def __init__(self, path: str | Path) -> None:
        path = Path(path)
        if path.is_dir():
            path = path / (WEIGHTS if (path / WEIGHTS).is_file() else INDEX)
        if path.suffix == ".bin":
            raise InputError(conversion_advice(path))
        self.path = str(path)
        self._places = {
            _google_name(name): (file, name)
            for file in _files(path)
            for name in _tensor_names(file)
        }

    def read(self, name: str) -> np.ndarray | None:
        """The tensor of that name, or `None` where there is none.

        Raises:
            InputError: its number type is neither float32 nor float16.
        """
        if name not in self._places:
            return None
        file, stored_name = self._places[name]
        with safe_open(file, framework="np") as tensors:
            kind = tensors.get_slice(stored_name).get_dtype()
            if kind not in ("F32", "F16"):
                raise InputError(
                    f"{file}: Expected float32 or float16. Received: {stored_name} of type {kind}. "
                    "Save the model in float32."
                )
            tensor = tensors.get_tensor(stored_name).astype(np.float32)
        return tensor.T if name.endswith("/kernel") else tensor


def conversion_advice(path: Path) -> str:
    """What to say of a `pytorch_model.bin`: a pickle, which may run code when opened."""
    return (
        f"{path}: is a PyTorch pickle, which is not supported here. Expected {WEIGHTS}. Convert "
        "it once, where PyTorch is installed: `from transformers import AutoModel; "
        "AutoModel.from_pretrained(FOLDER).save_pretrained(FOLDER, safe_serialization=True)`."
    )


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


def _google_name(name: str) -> str:
    """Google's name of a tensor: `bert.encoder.layer.0.output.dense.weight` and its like."""
    name = name.removeprefix("bert.").replace(".layer.", ".layer_")
    for ending, google_ending in (
        ("embeddings.weight", "embeddings"),
        ("LayerNorm.weight", "LayerNorm.gamma"),
        ("LayerNorm.bias", "LayerNorm.beta"),
        (".weight", ".kernel"),
    ):
        if name.endswith(ending):
            name = name.removesuffix(ending) + google_ending
            break
    return name.replace(".", "/")
