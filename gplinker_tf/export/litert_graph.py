"""Conversion of a model and its decoding to a LiteRT graph."""

from __future__ import annotations

import tempfile
from typing import Any

from gplinker_tf.backend import tf, with_constants
from gplinker_tf.export._new_axes import expand_new_axes
from gplinker_tf.export._saved_model import SIGNATURE, save_function
from gplinker_tf.extraction.keras_predictor import prediction_graph
from gplinker_tf.models import RelationModel


def litert_graph(model: RelationModel, precision: str = "float32") -> bytes:
    """Convert a model and its decoding to a graph of LiteRT's own operations.

    Args:
        model: the model.
        precision: the data type of the stored weights: `"float32"`, `"float16"` or `"int8"`.

    Returns:
        The graph, with the signature `extract`: from `token_ids` and `segment_ids`, int32 `[B, L]`,
        `threshold`, float32 `[P]`, `max_pairs` and `max_triples`, int32, to the fields of a
        `gplinker_tf.extraction.Prediction`.

    Raises:
        ValueError: the encoder has operations that LiteRT does not support.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> graph = litert_graph(GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3))
    >>> graph[4:8]
    b'TFL3'
    """
    with tempfile.TemporaryDirectory() as folder:
        save_function(_frozen(prediction_graph(model)), folder)
        expand_new_axes(folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[SIGNATURE])
        if precision != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if precision == "float16":
            converter.target_spec.supported_types = [tf.float16]
        return _converted(converter)


def _frozen(function: Any) -> Any:
    """Turn the variables of a function into constants, since LiteRT would set them to 0."""
    traced = function.get_concrete_function()
    frozen = with_constants(traced)
    names = sorted(traced.structured_outputs)  # the order in which TensorFlow lists a dict

    def call(*inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return dict(zip(names, frozen(*inputs), strict=True))

    return tf.function(call, function.input_signature, autograph=False)


def _converted(converter: Any) -> bytes:
    try:
        return converter.convert()
    except Exception as error:  # its class is not public
        unknown = sorted({known.operator.name for known in getattr(error, "errors", ())} - {""})
        if not unknown:
            raise
        raise ValueError(
            "Expected a model of operations that LiteRT supports. Received: one with "
            f"{', '.join(unknown)}. Build the encoder without them, or export a savedmodel."
        ) from error
