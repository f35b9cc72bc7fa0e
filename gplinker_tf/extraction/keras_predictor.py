"""A Keras model as a predictor."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.batching import length_multiple
from gplinker_tf.decoding import best_triples
from gplinker_tf.extraction.predictor import Prediction, Predictor
from gplinker_tf.models import RelationModel


class KerasPredictor(Predictor):
    """Runs a model and its decoding in one TensorFlow graph.

    Args:
        model: the model; its weights may change later.
    """

    def __init__(self, model: RelationModel) -> None:
        self.model = model

    def __repr__(self) -> str:
        return f"KerasPredictor({self.model.kind})"

    @property
    def length_multiple(self) -> int:
        return length_multiple(self.model.jit)

    def __call__(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float,
        max_pairs: int,
        max_triples: int,
    ) -> Prediction:
        limits = tf.constant(threshold, tf.float32), *map(tf.constant, (max_pairs, max_triples))
        triples, left_out, finite = self._graph(token_ids, segment_ids, *limits)
        return Prediction(*(part.numpy() for part in (*triples, left_out, finite)))

    @cached_property
    def _graph(self) -> Any:
        ids = tf.TensorSpec([None, None], tf.int32)
        threshold, number = tf.TensorSpec([], tf.float32), tf.TensorSpec([], tf.int32)

        def token_triples(token_ids, segment_ids, threshold, max_pairs, max_triples):
            inputs = [token_ids, segment_ids]
            triples, finite = self.model.decode(inputs, threshold, max_pairs)
            return *best_triples(triples, max_triples), finite

        # A partial: TensorFlow counts tracings by code, of all extractors together, and warns.
        signature = [ids, ids, threshold, number, number]
        return tf.function(partial(token_triples), signature, autograph=False)
