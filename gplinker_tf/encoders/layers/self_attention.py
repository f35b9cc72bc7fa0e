"""Multi-head self-attention with bert4keras's weights."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.encoders.layers.dropout import Dropout
from gplinker_tf.encoders.layers.token_embedding import is_token
from gplinker_tf.layers import bert_initializer

PADDING_BIAS = -1e12


@register
class SelfAttention(keras.layers.Layer):
    """Every place reads a weighted mean of all places, in several heads:

        softmax(Q_h K_h^T / sqrt(S)) V_h, the heads side by side, times W_O, plus b_O

    with `Q = x W_Q + b_Q`, and K and V likewise. Padding is never read.
    Weights, in order: kernel and bias of query, key, value and output.

    Args:
        heads: number of heads.
        head_size: `S`, the size of a head's query, key and value.
        dropout: the share of attention weights that are dropped in training.

    Call arguments:
        inputs: `[x, token_ids]`, a float `[B, L, D]` and the int `[B, L]` that tells padding. (A
            mask that travels with `x` will not do: early versions of Keras 3 lose it in sums.)

    Returns:
        `[B, L, D]`.

    Example:

    >>> import numpy as np
    >>> layer = SelfAttention(heads=2, head_size=4)
    >>> tuple(layer([np.ones([1, 3, 8]), np.array([[2, 7, 0]])]).shape)
    (1, 3, 8)

    Source: Vaswani et al., "Attention is all you need", https://arxiv.org/abs/1706.03762,
    section 3.2.
    """

    def __init__(self, heads: int, head_size: int, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = heads
        self.head_size = head_size
        self.dropout = dropout
        self.supports_masking = True
        self._drop = Dropout(dropout)

    def build(self, input_shape: Any) -> None:
        size, inner = input_shape[0][-1], self.heads * self.head_size
        for name in ("query", "key", "value"):
            self._add_dense(name, size, inner)
        self._add_dense("output", inner, size)
        self.built = True

    def _add_dense(self, name: str, rows: int, columns: int) -> None:
        kernel = self.add_weight(
            name=f"{name}_kernel",
            shape=(rows, columns),
            initializer=bert_initializer(),
        )
        bias = self.add_weight(name=f"{name}_bias", shape=(columns,), initializer="zeros")
        setattr(self, f"{name}_kernel", kernel)
        setattr(self, f"{name}_bias", bias)

    def call(self, inputs: Any, training: Any = None) -> tf.Tensor:
        x, token_ids = inputs
        batch, length, _ = tf.unstack(tf.shape(x))
        shape = [batch, length, self.heads, self.head_size]
        query, key, value = (
            tf.transpose(tf.reshape(self._dense(x, name), shape), [0, 2, 1, 3])
            for name in ("query", "key", "value")
        )
        scores = tf.matmul(query * self.head_size**-0.5, key, transpose_b=True)
        weights = self._drop(_normalize(scores, is_token(token_ids)), training=training)
        heads = tf.transpose(tf.matmul(weights, value), [0, 2, 1, 3])
        return tf.reshape(self._dense(heads, "output"), tf.shape(x))

    def _dense(self, x: tf.Tensor, name: str) -> tf.Tensor:
        """One of the four linear maps, on rows: `[B, L, ...]` to `[B * L, columns]`."""
        kernel = getattr(self, f"{name}_kernel")
        rows = tf.reshape(x, [-1, kernel.shape[0]])
        return tf.nn.bias_add(tf.matmul(rows, kernel), getattr(self, f"{name}_bias"))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else mask[0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "heads": self.heads,
            "head_size": self.head_size,
            "dropout": self.dropout,
        }


def _normalize(scores: tf.Tensor, readable: tf.Tensor) -> tf.Tensor:
    exact = tf.float64 if scores.dtype == tf.float64 else tf.float32
    bias = PADDING_BIAS * tf.cast(~readable[:, None, None, :], exact)
    return tf.cast(tf.nn.softmax(tf.cast(scores, exact) + bias), scores.dtype)
