"""The gated attention unit, which combines attention and feed-forward map."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import register, tf
from gplinker_tf.encoders.layers.attention_layer import (
    AttentionLayer,
    exact,
    masked_softmax,
    scaled_by_length,
)
from gplinker_tf.encoders.layers.token_embedding import is_token
from gplinker_tf.layers import bert_initializer, rotate_apart


@register
class GatedAttentionUnit(AttentionLayer):
    """Single-head attention with gated values and rotary positions:

        u, v, z = split(swish(x W_I));  q = rotate(z * gamma_Q);  k = rotate(z * gamma_K)
        softmax(q k^T / sqrt(S) * log(n) / log(512)) v, times u, times W_O

    n is the number of tokens in the text, but at least 16. Padding is never attended to.
    Weights, in order: W_I, W_O, gamma_Q, gamma_K.

    Args:
        units: the size of u and v.
        key_size: `S`, the size of q and k, an even number.
        dropout: the fraction of attention weights that are dropped in training.

    Call arguments:
        inputs: `[x, token_ids]`, a float `[B, L, D]` and the int `[B, L]` that shows padding.

    Returns:
        `[B, L, D]`.

    Example:

    >>> import numpy as np
    >>> layer = GatedAttentionUnit(units=16, key_size=4)
    >>> tuple(layer([np.ones([1, 3, 8]), np.array([[2, 7, 0]])]).shape)
    (1, 3, 8)

    Source: Hua et al., https://arxiv.org/abs/2202.10447; as in GAU-alpha,
    https://kexue.fm/archives/9052; the scale: https://kexue.fm/archives/8823.
    """

    def __init__(self, units: int, key_size: int, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(dropout, **kwargs)
        self.units = units
        self.key_size = key_size

    def build(self, input_shape: Any) -> None:
        size = input_shape[0][-1]
        self.inner_kernel = self.add_weight(
            name="inner_kernel",
            shape=(size, 2 * self.units + self.key_size),
            initializer=bert_initializer(),
        )
        self.outer_kernel = self.add_weight(
            name="outer_kernel", shape=(self.units, size), initializer=bert_initializer()
        )
        self.query_scale, self.key_scale = (
            self.add_weight(name=f"{name}_scale", shape=(self.key_size,), initializer="ones")
            for name in ("query", "key")
        )
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> tf.Tensor:
        x, token_ids = inputs
        rows = tf.nn.swish(tf.matmul(tf.reshape(x, [-1, x.shape[-1]]), self.inner_kernel))
        inner = tf.reshape(rows, [*tf.unstack(tf.shape(x)[:2]), rows.shape[-1]])
        gate, value, shared = tf.split(inner, [self.units, self.units, self.key_size], axis=-1)
        query = rotate_apart(shared * (self.query_scale * self.key_size**-0.5))
        key = rotate_apart(shared * self.key_scale)
        scores = tf.matmul(query, key, transpose_b=True)
        weights = self._drop(_normalize(scores, is_token(token_ids)), training=training)
        values = tf.reshape(gate * tf.matmul(weights, value), [-1, self.units])
        return tf.reshape(tf.matmul(values, self.outer_kernel), tf.shape(x))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "key_size": self.key_size,
        }


def _normalize(scores: tf.Tensor, readable: tf.Tensor) -> tf.Tensor:
    readable = readable[:, None]
    count = tf.reduce_sum(tf.cast(readable, tf.float32), axis=-1, keepdims=True)
    weights = masked_softmax(scaled_by_length(exact(scores), count), readable)
    return tf.cast(weights, scores.dtype)
