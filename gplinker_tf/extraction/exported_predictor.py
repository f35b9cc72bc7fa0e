"""The base class of predictors that run exported models: opening, calling and pickling."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from gplinker_tf.errors import InputError
from gplinker_tf.extraction.predictor import Prediction, Predictor
from gplinker_tf.extras import require


class ExportedPredictor(Predictor):
    """Abstract: runs an exported model and its decoding, without TensorFlow.

    It can be pickled; the copy reads the file again.

    Args:
        path: the file of the graph.
        kind: the model's name.
        num_predicates: `P`.
        precision: the precision its weights are stored in.

    Attributes:
        runtime: its name in options; the format of its exports has the same name.
        graph: the name of the graph's file in an export.
        library: the name of the library that runs the graph.
        module: the library's Python module.

    Raises:
        InputError: the library is not installed, or can't read the file.
    """

    runtime: ClassVar[str]
    graph: ClassVar[str]
    library: ClassVar[str]
    module: ClassVar[str]

    def __init__(
        self, path: str | Path, kind: str, num_predicates: int, precision: str = "float32"
    ) -> None:
        self.path, self.kind, self.num_predicates = Path(path), kind, num_predicates
        self.precision = precision
        self._run = self._opened()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind}, {self.precision})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.kind, self.num_predicates, self.precision)

    def __call__(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float | np.ndarray,
        max_pairs: int,
        max_triples: int,
    ) -> Prediction:
        inputs = {
            "token_ids": token_ids,
            "segment_ids": segment_ids,
            "threshold": np.full([self.num_predicates], threshold, np.float32),
            "max_pairs": np.array(max_pairs, np.int32),
            "max_triples": np.array(max_triples, np.int32),
        }
        return Prediction(**self._run(inputs))

    @abstractmethod
    def _open(self) -> Callable[[dict[str, np.ndarray]], Mapping[str, np.ndarray]]:
        """Return the graph as a function from named inputs to named outputs."""

    def _opened(self) -> Callable[[dict[str, np.ndarray]], Mapping[str, np.ndarray]]:
        require(self.module, f"runtime={self.runtime!r}")
        try:
            return self._open()
        except Exception as error:  # each library has its own exception classes
            version = import_module(self.module).__version__
            raise InputError(
                f"{self.path}: expected a graph that {self.library} {version} can run. "
                f"Received: {error}. Export again, or update {self.module}."
            ) from error


def threads_of_environment() -> int:
    """Return the number of threads from `OMP_NUM_THREADS`, or 0 if it is not set."""
    return int(os.environ.get("OMP_NUM_THREADS") or 0)
