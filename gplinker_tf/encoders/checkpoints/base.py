"""The interface that checkpoints of all formats share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from gplinker_tf.encoders.checkpoints.names import google_name


class Checkpoint(ABC):
    """Abstract: a checkpoint whose tensors have Google's names and orientation.

    Args:
        path: the file, for error messages.
        stored: the names of the tensors in the file, with slashes.

    Attributes:
        path: the file.
    """

    #: Whether kernels are stored as in PyTorch, with the output size first.
    turned = False

    def __init__(self, path: str | Path, stored: Iterable[str]) -> None:
        self.path = str(path)
        self._stored = {google_name(name): name for name in stored}

    def names(self) -> set[str]:
        """Return the names of all tensors."""
        return set(self._stored)

    def read(self, name: str) -> np.ndarray | None:
        """Read the tensor with this name; return `None` if there is none.

        Raises:
            InputError: the tensor can't be read.
        """
        stored = self._stored.get(google_name(name))
        if stored is None:
            return None
        tensor = self._read(stored)
        return tensor.T if self.turned and google_name(name).endswith("/kernel") else tensor

    @abstractmethod
    def _read(self, stored: str) -> np.ndarray:
        """Read a tensor by its name in the file, as it is stored; float16 becomes float32."""
