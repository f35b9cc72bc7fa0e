"""An exported model as a predictor, without TensorFlow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from gplinker_tf.errors import InputError
from gplinker_tf.extraction.predictor import Prediction, Predictor
from gplinker_tf.extras import is_there, way_to


class OnnxPredictor(Predictor):
    """Runs a model and its decoding in ONNX Runtime.

    It can be pickled; the copy reads the file again.

    Args:
        path: the graph that `gplinker export` wrote.
        kind: the model's name.
        num_predicates: `P`.
        precision: what its weights are stored in.

    Raises:
        InputError: ONNX Runtime is not installed, or can't read the file.

    Example, with an export:

        predictor = OnnxPredictor("run/onnx/model.onnx", "gplinker", num_predicates=49)
        found = predictor(token_ids, segment_ids, threshold=0.0, max_pairs=10_000, max_triples=300)
    """

    def __init__(
        self, path: str | Path, kind: str, num_predicates: int, precision: str = "float32"
    ) -> None:
        self.path, self.kind, self.num_predicates = Path(path), kind, num_predicates
        self.precision = precision
        self._session = _session(self.path)

    def __repr__(self) -> str:
        return f"OnnxPredictor({self.kind}, {self.precision})"

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
            "threshold": np.broadcast_to(np.float32(threshold), [self.num_predicates]),
            "max_pairs": np.array(max_pairs, np.int32),
            "max_triples": np.array(max_triples, np.int32),
        }
        return Prediction(*self._session.run(Prediction._fields, inputs))


def _session(path: Path) -> Any:
    if not is_there("onnxruntime"):
        raise InputError(
            f"Expected ONNX Runtime to be installed. Received: runtime='onnx'. "
            f"{way_to('onnxruntime')}."
        )
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only
    # As NumPy does; the wheels of ONNX Runtime do not read it. 0 is one per core.
    options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS") or 0)
    # Threads that wait without sleeping take the processor from everything else on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=onnxruntime.get_available_providers()
        )
    except Exception as error:  # each of its errors has a class of its own
        raise InputError(
            f"{path}: expected a graph that ONNX Runtime {onnxruntime.__version__} can run. "
            f"Received: {error}. Export again, or update onnxruntime."
        ) from error
