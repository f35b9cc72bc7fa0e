"""What attention layers have in common: inputs, dropped weights, and a softmax without padding."""

from __future__ import annotations

import math
from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.encoders.layers.dropout import Dropout

#: Added to the score of what is not read: of no weight, but a row of them is no NaN. Added, not put
#: in its place: it takes less time.
PADDING_BIAS = -1e12

#: The length at which scores are as they are, and the shortest that they are scaled for.
USUAL_LENGTH, SHORTEST_LENGTH = 512, 16


class AttentionLayer(keras.layers.Layer):
    """Abstract: a layer from `[x, token_ids]`, a float `[B, L, D]` and an int `[B, L]`, to `x`'s
    shape and mask.

    Args:
        dropout: the share of attention weights that are dropped in training.
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
    """The scores in at least float32."""
    return scores if scores.dtype == tf.float64 else tf.cast(scores, tf.float32)


def masked(scores: tf.Tensor, readable: tf.Tensor | None) -> tf.Tensor:
    """The scores, far lower where a bool that broadcasts to them is False."""
    if readable is None:
        return scores
    return scores + PADDING_BIAS * tf.cast(~readable, scores.dtype)


def scaled_by_length(scores: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """The scores, times `log(n) / log(512)` of the number that are read, at least 16.

    Short texts get no flatter weights than those of 16 tokens.

    Source: https://kexue.fm/archives/8823.
    """
    length = tf.cast(tf.maximum(count, SHORTEST_LENGTH), scores.dtype)
    return scores * (tf.math.log(length) / math.log(USUAL_LENGTH))


def masked_softmax(scores: tf.Tensor, readable: tf.Tensor) -> tf.Tensor:
    """The weights that places are read with, in at least float32, then in the scores' dtype.

    Args:
        scores: `[..., L, L]`.
        readable: bool, of the places that are read; it broadcasts to the scores.
    """
    return tf.cast(tf.nn.softmax(masked(exact(scores), readable)), scores.dtype)
