"""A predictor that runs a Keras model."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.batching import length_multiple
from gplinker_tf.decoding import TokenEntities, best_triples
from gplinker_tf.errors import InputError
from gplinker_tf.extraction.predictor import Prediction, Predictor
from gplinker_tf.models import RelationModel


class KerasPredictor(Predictor):
    """A predictor that runs a model and its decoding in one TensorFlow graph.

    Args:
        model: the model; its weights may change later.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> predictor = KerasPredictor(GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3))
    >>> ids = np.array([[2, 7, 8, 9, 3, 0]], np.int32)
    >>> found = predictor(ids, np.zeros_like(ids), threshold=99.0, max_pairs=50, max_triples=5)
    >>> len(found.score), found.finite
    (0, array([ True]))
    """

    def __init__(self, model: RelationModel) -> None:
        self.model = model
        self.kind, self.num_predicates = model.kind, model.num_predicates

    def __repr__(self) -> str:
        return f"KerasPredictor({self.model.kind})"

    @property
    def length_multiple(self) -> int:
        return length_multiple(self.model.jit)

    def __call__(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float | np.ndarray,
        max_pairs: int,
        max_triples: int,
    ) -> Prediction:
        thresholds = np.broadcast_to(threshold, [self.model.num_predicates])
        limits = tf.constant(thresholds, tf.float32), *map(tf.constant, (max_pairs, max_triples))
        found = self._graph(token_ids, segment_ids, *limits)
        return Prediction(**{name: part.numpy() for name, part in found.items()})

    def entities(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float,
        max_entities: int,
    ) -> TokenEntities:
        limits = tf.constant(threshold, tf.float32), tf.constant(max_entities)
        found = self._entity_graph(token_ids, segment_ids, *limits)
        return TokenEntities(*(part.numpy() for part in found))

    def expect_entities(self) -> None:
        try:
            self._entity_graph.get_concrete_function()
        except NotImplementedError as error:
            raise InputError(
                "Expected a model that scores entities on their own. Received: "
                f"{self.model.kind!r}. Leave out entities, or override `decode_entities`."
            ) from error

    @cached_property
    def _graph(self) -> Any:
        return prediction_graph(self.model)

    @cached_property
    def _entity_graph(self) -> Any:
        def predict(token_ids, segment_ids, threshold, max_entities):
            return tuple(
                self.model.decode_entities([token_ids, segment_ids], threshold, max_entities)
            )

        ids = (tf.TensorSpec([None, None], tf.int32) for _ in range(2))
        limits = tf.TensorSpec([], tf.float32), tf.TensorSpec([], tf.int32)
        return tf.function(partial(predict), [*ids, *limits], autograph=False)


def prediction_graph(model: RelationModel) -> Any:
    """Return a model and its decoding as one TensorFlow function.

    Args:
        model: the model.

    Returns:
        A function from `token_ids` and `segment_ids`, int32 `[B, L]`, `threshold`, float32 `[P]`,
        `max_pairs` and `max_triples`, int32, to a dict of the fields of a `Prediction`.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> graph = prediction_graph(GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3))
    >>> [spec.name for spec in graph.input_signature]
    ['token_ids', 'segment_ids', 'threshold', 'max_pairs', 'max_triples']
    """

    def predict(token_ids, segment_ids, threshold, max_pairs, max_triples):
        triples, finite = model.decode([token_ids, segment_ids], threshold, max_pairs)
        best = best_triples(triples, max_triples)
        return dict(zip(Prediction._fields, (*best, finite), strict=True))

    ids = (tf.TensorSpec([None, None], tf.int32, name) for name in ("token_ids", "segment_ids"))
    limits = (tf.TensorSpec([], tf.int32, name) for name in ("max_pairs", "max_triples"))
    threshold = tf.TensorSpec([model.num_predicates], tf.float32, "threshold")
    # A partial: TensorFlow counts tracings by code, over all extractors, and would warn.
    return tf.function(partial(predict), [*ids, threshold, *limits], autograph=False)
