"""Fills an encoder's layers from a checkpoint, or leaves them as they are and says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from gplinker_tf.encoders.base import Encoder
from gplinker_tf.encoders.checkpoints.base import Checkpoint
from gplinker_tf.encoders.checkpoints.google import GoogleCheckpoint
from gplinker_tf.encoders.checkpoints.hdf5 import H5, Hdf5Checkpoint
from gplinker_tf.encoders.checkpoints.names import unread_names
from gplinker_tf.encoders.checkpoints.pytorch import BIN, PyTorchCheckpoint
from gplinker_tf.encoders.checkpoints.safetensors import INDEX, WEIGHTS, SafetensorsCheckpoint
from gplinker_tf.errors import InputError

#: Hugging Face's files, the first that a folder has before the others.
FILES = (WEIGHTS, INDEX, BIN, H5)

READERS: dict[str, Callable[[Path], Checkpoint]] = {
    ".safetensors": SafetensorsCheckpoint,
    ".json": SafetensorsCheckpoint,
    ".bin": PyTorchCheckpoint,
    ".h5": Hdf5Checkpoint,
}


def open_checkpoint(path: str | Path) -> Checkpoint:
    """The reader for a path: Hugging Face's by their endings, a folder of theirs, else Google's."""
    path = Path(path)
    if path.is_dir():
        path = next((path / name for name in FILES if (path / name).is_file()), path / WEIGHTS)
    return READERS.get(path.suffix, GoogleCheckpoint)(path)


def load_checkpoint(encoder: Encoder, path: str | Path) -> None:
    """Fills every layer of an encoder; blocks and heads that it does not have are not read.

    Args:
        encoder: what to fill.
        path: a checkpoint, as `open_checkpoint` takes it.

    Raises:
        InputError: the checkpoint lacks a tensor, has it in another shape, or has one that the
            encoder has no place for. No weight is changed.

    Example, with a checkpoint that was downloaded, as `chinese_L-12_H-768_A-12`:

        bert = Bert(BertConfig.from_json("chinese_L-12_H-768_A-12/bert_config.json"))
        load_checkpoint(bert, "chinese_L-12_H-768_A-12/bert_model.ckpt")
    """
    checkpoint = open_checkpoint(path)
    tensor_names = encoder.tensor_names()
    values = {
        layer: [
            _checked(checkpoint, name, tuple(weight.shape))
            for name, weight in zip(names, encoder.layers[layer].weights, strict=True)
        ]
        for layer, names in tensor_names.items()
    }
    unread = unread_names(checkpoint.names(), {n for names in tensor_names.values() for n in names})
    if unread:
        others = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
        raise InputError(
            f"{checkpoint.path}: Expected the tensors of a {type(encoder).__name__}. Received: "
            f"{unread[0]}{others} as well, which it has no place for. {FAMILY}"
        )
    for layer, arrays in values.items():
        encoder.layers[layer].set_weights(arrays)


def _checked(checkpoint: Checkpoint, name: str, shape: tuple[int, ...]) -> np.ndarray:
    array = checkpoint.read(name)
    if array is None:
        raise InputError(
            f"{checkpoint.path}: Expected {name} of shape {shape}. The checkpoint has no such "
            f"tensor. {FAMILY}"
        )
    if array.shape != shape:
        raise InputError(
            f"{checkpoint.path}: Expected {name} of shape {shape}. Received: shape {array.shape}. "
            f"Use the configuration file and the vocabulary that belong to the checkpoint. {FAMILY}"
        )
    return array


FAMILY = (
    "Is the checkpoint of the encoder's family, with as many layers as in its configuration? "
    "A configuration file that does not name its family is taken for a BERT's; "
    "--encoder-family names another."
)
