"""Loading of a checkpoint into an encoder; if it does not fit, no weight is changed."""

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

#: Hugging Face's files; the first one that a folder has is used.
FILES = (WEIGHTS, INDEX, BIN, H5)

READERS: dict[str, Callable[[Path], Checkpoint]] = {
    ".safetensors": SafetensorsCheckpoint,
    ".json": SafetensorsCheckpoint,
    ".bin": PyTorchCheckpoint,
    ".h5": Hdf5Checkpoint,
}


def open_checkpoint(path: str | Path) -> Checkpoint:
    """Open a Hugging Face checkpoint, by its suffix or in a folder, or else a Google one."""
    path = Path(path)
    if path.is_dir():
        path = next((path / name for name in FILES if (path / name).is_file()), path / WEIGHTS)
    return READERS.get(path.suffix, GoogleCheckpoint)(path)


def load_checkpoint(encoder: Encoder, path: str | Path) -> None:
    """Load weights into every layer of an encoder; ignore blocks and heads that it does not have.

    Args:
        encoder: the encoder to load weights into.
        path: a checkpoint, in any form that `open_checkpoint` accepts.

    Raises:
        InputError: a tensor is missing from the checkpoint, has another shape, or belongs to no
            layer of the encoder. No weight is changed.

    Example, with a downloaded checkpoint such as `chinese_L-12_H-768_A-12`:

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
            f"{checkpoint.path}: Expected only the tensors of a {type(encoder).__name__}. "
            f"Received: {unread[0]}{others} as well. {FAMILY}"
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
    "Check that the checkpoint belongs to the encoder's family and has as many layers as its "
    "configuration. A configuration file that does not name a family is read as a BERT's; choose "
    "another family with --encoder-family."
)
