"""Reads the TensorFlow checkpoints that Google's BERT and its descendants come in."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.errors import InputError


class GoogleCheckpoint:
    """The tensors of a `bert_model.ckpt`, under Google's names without the leading `bert/`.

    Args:
        path: the prefix (`.../bert_model.ckpt`), or one of its files (`...ckpt.index`,
            `...ckpt.data-00000-of-00001`).

    Raises:
        InputError: there is no such checkpoint, or TensorFlow cannot read it.

    Source: https://github.com/google-research/bert.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = checkpoint_prefix(path)
        if not Path(f"{self.path}.index").is_file():
            raise InputError(
                f"{self.path}: Expected a TensorFlow checkpoint, the files {self.path}.index and "
                ".data-*. There is no such index file."
            )
        try:
            self._reader = tf.train.load_checkpoint(self.path)
        except (tf.errors.OpError, RuntimeError, ValueError) as error:
            raise InputError(
                f"{self.path}: is not a readable TensorFlow checkpoint: {error}"
            ) from None
        self._names = {
            name.removeprefix("bert/"): name for name in self._reader.get_variable_to_shape_map()
        }

    def read(self, name: str) -> np.ndarray | None:
        """The tensor of that name, or `None` where there is none.

        Raises:
            InputError: the data files are missing or cut short.
        """
        if name not in self._names:
            return None
        try:
            return self._reader.get_tensor(self._names[name])
        except (tf.errors.OpError, RuntimeError, ValueError) as error:
            raise InputError(f"{self.path}: {name} cannot be read: {error}") from None


def checkpoint_prefix(path: str | Path) -> str:
    """The prefix that a checkpoint's file belongs to; a prefix is its own.

    Example:

    >>> checkpoint_prefix("bert/bert_model.ckpt.data-00000-of-00001")
    'bert/bert_model.ckpt'
    """
    path = Path(path)
    if path.suffix == ".index" or path.suffix.startswith(".data-"):
        path = path.with_suffix("")
    return str(path)
