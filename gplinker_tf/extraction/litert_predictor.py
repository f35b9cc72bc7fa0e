"""A predictor that runs an exported model in LiteRT."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock

import numpy as np

from gplinker_tf._quiet import stderr_closed
from gplinker_tf.extraction.exported_predictor import ExportedPredictor, threads_of_environment


class LiteRTPredictor(ExportedPredictor):
    """A predictor that runs a model and its decoding in LiteRT, formerly TensorFlow Lite.

    Example, with an export:

        predictor = LiteRTPredictor("run/litert/model.tflite", "gplinker", num_predicates=49)
        found = predictor(token_ids, segment_ids, threshold=0.0, max_pairs=10_000, max_triples=300)

    Source: https://ai.google.dev/edge/litert.
    """

    runtime, graph = "litert", "model.tflite"
    library, module = "LiteRT", "ai_edge_litert"

    def _open(self) -> Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]:
        from ai_edge_litert.interpreter import Interpreter

        threads = threads_of_environment() or os.cpu_count()
        with stderr_closed():  # it prints which of its parts it uses
            interpreter = Interpreter(str(self.path), num_threads=threads)
            interpreter.allocate_tensors()
        run, one_at_a_time = interpreter.get_signature_runner("extract"), Lock()

        def found(inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            with one_at_a_time:  # an interpreter has only one set of tensors
                return run(**inputs)

        return found
