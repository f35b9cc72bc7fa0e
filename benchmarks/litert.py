"""An export to LiteRT as a predictor, in the interpreter that TensorFlow contains."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from gplinker_tf.extraction import Prediction, Predictor


class LiteRTPredictor(Predictor):
    """Runs a model and its decoding in LiteRT.

    Args:
        path: the graph that `gplinker export --format litert` wrote.
        num_predicates: `P`.
        threads: threads that the interpreter computes with.
    """

    def __init__(self, path: Path, num_predicates: int, threads: int) -> None:
        import tensorflow as tf

        self.kind, self.num_predicates = "litert", num_predicates
        with warnings.catch_warnings(action="ignore"):  # that its own package replaces it
            interpreter = tf.lite.Interpreter(str(path), num_threads=threads)
        self._run = interpreter.get_signature_runner("extract")

    def __repr__(self) -> str:
        return "LiteRTPredictor()"

    def __call__(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float | np.ndarray,
        max_pairs: int,
        max_triples: int,
    ) -> Prediction:
        found = self._run(
            token_ids=token_ids,
            segment_ids=segment_ids,
            threshold=np.array(np.broadcast_to(np.float32(threshold), [self.num_predicates])),
            max_pairs=np.array(max_pairs, np.int32),
            max_triples=np.array(max_triples, np.int32),
        )
        return Prediction(**found)
