"""Reader for the TensorFlow checkpoints of Google's BERT and its descendants."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.encoders.checkpoints.base import Checkpoint
from gplinker_tf.errors import InputError


class GoogleCheckpoint(Checkpoint):
    """The tensors of a `bert_model.ckpt`.

    Args:
        path: the prefix (`.../bert_model.ckpt`), or one of its files (`...ckpt.index`,
            `...ckpt.data-00000-of-00001`).

    Raises:
        InputError: there is no such checkpoint, or TensorFlow cannot read it.

    Source: https://github.com/google-research/bert.
    """

    def __init__(self, path: str | Path) -> None:
        prefix = checkpoint_prefix(path)
        if not Path(f"{prefix}.index").is_file():
            raise InputError(
                f"{prefix}: Expected a TensorFlow checkpoint: the files {prefix}.index and "
                ".data-*. There is no such index file."
            )
        try:
            self._reader = tf.train.load_checkpoint(prefix)
        except (tf.errors.OpError, RuntimeError, ValueError) as error:
            raise InputError(
                f"{prefix}: is not a readable TensorFlow checkpoint: {error}"
            ) from None
        super().__init__(prefix, self._reader.get_variable_to_shape_map())

    def _read(self, stored: str) -> np.ndarray:
        try:
            return self._reader.get_tensor(stored)
        except (tf.errors.OpError, IndexError, RuntimeError, ValueError) as error:
            raise InputError(f"{self.path}: {stored} cannot be read: {error}") from None


def checkpoint_prefix(path: str | Path) -> str:
    """Return the prefix of a checkpoint, from the prefix itself or one of its files.

    Example:

    >>> checkpoint_prefix("bert/bert_model.ckpt.data-00000-of-00001")
    'bert/bert_model.ckpt'
    """
    path = Path(path)
    if path.suffix == ".index" or path.suffix.startswith(".data-"):
        path = path.with_suffix("")
    return str(path)
