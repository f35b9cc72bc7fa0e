"""A predictor that runs an exported model in ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gplinker_tf.extraction.exported_predictor import ExportedPredictor, threads_of_environment
from gplinker_tf.extraction.predictor import Prediction


class OnnxPredictor(ExportedPredictor):
    """A predictor that runs a model and its decoding in ONNX Runtime.

    Example, with an export:

        predictor = OnnxPredictor("run/onnx/model.onnx", "gplinker", num_predicates=49)
        found = predictor(token_ids, segment_ids, threshold=0.0, max_pairs=10_000, max_triples=300)

    Source: https://onnxruntime.ai.
    """

    runtime, graph = "onnx", "model.onnx"
    library, module = "ONNX Runtime", "onnxruntime"

    def _open(self) -> Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors only
        options.intra_op_num_threads = threads_of_environment()  # 0 means one per core
        # Spinning threads take CPU time from everything else on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        providers = onnxruntime.get_available_providers()
        session = onnxruntime.InferenceSession(str(self.path), options, providers=providers)
        names = Prediction._fields
        return lambda inputs: dict(zip(names, session.run(names, inputs), strict=True))
