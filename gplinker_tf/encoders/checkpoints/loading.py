"""Fills an encoder's layers from a checkpoint, or leaves them as they are and says why."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from gplinker_tf.encoders.base import Encoder
from gplinker_tf.encoders.checkpoints.google import GoogleCheckpoint
from gplinker_tf.encoders.checkpoints.safetensors import HuggingFaceCheckpoint
from gplinker_tf.errors import InputError


class Checkpoint(Protocol):
    """Tensors by Google's names, wherever they come from."""

    path: str

    def read(self, name: str) -> np.ndarray | None: ...


def open_checkpoint(path: str | Path) -> Checkpoint:
    """The reader for a path: a folder, .safetensors, .json or .bin is Hugging Face's."""
    path = Path(path)
    if path.is_dir() or path.suffix in (".safetensors", ".json", ".bin"):
        return HuggingFaceCheckpoint(path)
    return GoogleCheckpoint(path)


def load_checkpoint(encoder: Encoder, path: str | Path) -> None:
    """Fills every layer of an encoder; blocks and heads that it does not have are not read.

    Args:
        encoder: what to fill.
        path: a checkpoint, as `open_checkpoint` takes it.

    Raises:
        InputError: the checkpoint lacks a tensor or has it in another shape. No weight is changed.

    Example, with a checkpoint that was downloaded, as `chinese_L-12_H-768_A-12`:

        bert = Bert(BertConfig.from_json("chinese_L-12_H-768_A-12/bert_config.json"))
        load_checkpoint(bert, "chinese_L-12_H-768_A-12/bert_model.ckpt")
    """
    checkpoint = open_checkpoint(path)
    values = {
        layer: [
            _checked(checkpoint, name, tuple(weight.shape))
            for name, weight in zip(names, encoder.layers[layer].weights, strict=True)
        ]
        for layer, names in encoder.tensor_names().items()
    }
    for layer, arrays in values.items():
        encoder.layers[layer].set_weights(arrays)


def _checked(checkpoint: Checkpoint, name: str, shape: tuple[int, ...]) -> np.ndarray:
    array = checkpoint.read(name)
    if array is None:
        raise InputError(
            f"{checkpoint.path}: Expected {name} of shape {shape}. The checkpoint has no such "
            "tensor. Is it of the encoder's family, with as many layers as in its configuration?"
        )
    if array.shape != shape:
        raise InputError(
            f"{checkpoint.path}: Expected {name} of shape {shape}. Received: shape {array.shape}. "
            "Use the configuration file and the vocabulary that belong to the checkpoint."
        )
    return array
