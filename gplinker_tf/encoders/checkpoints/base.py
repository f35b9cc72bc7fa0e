"""What a checkpoint is, whatever its format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from gplinker_tf.encoders.checkpoints.names import google_name


class Checkpoint(ABC):
    """Abstract: tensors under Google's names, in Google's orientation.

    Args:
        path: the file, for messages.
        stored: the names in the file, with slashes.

    Attributes:
        path: the file.
    """

    #: Whether kernels are stored as PyTorch has them, output size first.
    turned = False

    def __init__(self, path: str | Path, stored: Iterable[str]) -> None:
        self.path = str(path)
        self._stored = {google_name(name): name for name in stored}

    def names(self) -> set[str]:
        """The names of all tensors."""
        return set(self._stored)

    def read(self, name: str) -> np.ndarray | None:
        """The tensor of that name, or `None` where there is none.

        Raises:
            InputError: it can't be read.
        """
        stored = self._stored.get(google_name(name))
        if stored is None:
            return None
        tensor = self._read(stored)
        return tensor.T if self.turned and google_name(name).endswith("/kernel") else tensor

    @abstractmethod
    def _read(self, stored: str) -> np.ndarray:
        """The tensor of a name in the file, as it is stored; float16 comes out as float32."""
