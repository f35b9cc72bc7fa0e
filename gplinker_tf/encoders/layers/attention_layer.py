"""The parts that attention layers share: inputs, dropout, and a softmax that ignores padding."""

from __future__ import annotations

import math
from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.encoders.layers.dropout import Dropout

#: Added to the scores of padding, so that its weights are 0 but a row of padding does not give NaN.
#: Adding a value is faster than replacing the scores.
PADDING_BIAS = -1e12

#: The length at which scores are not scaled, and the shortest length used for scaling.
USUAL_LENGTH, SHORTEST_LENGTH = 512, 16


class AttentionLayer(keras.layers.Layer):
    """Abstract: a layer from `[x, token_ids]`, a float `[B, L, D]` and an int `[B, L]`, to a
    tensor with the shape and mask of `x`.

    Args:
        dropout: the fraction of attention weights that are dropped in training.
    """

    def __init__(self, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dropout = dropout
        self.supports_masking = True
        self._drop = Dropout(dropout)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else mask[0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "dropout": self.dropout}


def exact(scores: tf.Tensor) -> tf.Tensor:
    """Return the scores in at least float32."""
    return scores if scores.dtype == tf.float64 else tf.cast(scores, tf.float32)


def masked(scores: tf.Tensor, readable: tf.Tensor | None) -> tf.Tensor:
    """Add a large negative bias to the scores where `readable`, which broadcasts, is False."""
    if readable is None:
        return scores
    return scores + PADDING_BIAS * tf.cast(~readable, scores.dtype)


def scaled_by_length(scores: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """Scale scores by `log(n) / log(512)`, where n is the number of tokens, but at least 16.

    Shorter texts thus get no flatter weights than texts of 16 tokens.

    Source: https://kexue.fm/archives/8823.
    """
    length = tf.cast(tf.maximum(count, SHORTEST_LENGTH), scores.dtype)
    return scores * (tf.math.log(length) / math.log(USUAL_LENGTH))


def masked_softmax(scores: tf.Tensor, readable: tf.Tensor) -> tf.Tensor:
    """Compute attention weights in at least float32, and return them in the scores' dtype.

    Args:
        scores: `[..., L, L]`.
        readable: bool, True at positions to attend to; it broadcasts to the scores.
    """
    return tf.cast(tf.nn.softmax(masked(exact(scores), readable)), scores.dtype)
