"""Multi-head self-attention with bert4keras's weights."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.encoders.dropout import Dropout

PADDING_BIAS = -1e12


@register
class SelfAttention(keras.layers.Layer):
    """Every place reads a weighted mean of all places, in several heads:

        softmax(Q_h K_h^T / sqrt(S)) V_h, the heads side by side, times W_O, plus b_O

    with `Q = x W_Q + b_Q`, and K and V likewise. Padding, where the mask is False, is never read.
    Weights, in order: kernel and bias of query, key, value and output.

    Args:
        heads: number of heads.
        head_size: `S`, the size of a head's query, key and value.
        dropout: the share of attention weights that are dropped in training.

    Call arguments:
        inputs: `[B, L, D]`.
        mask: bool `[B, L]`, True on tokens; Keras passes the one that travels with `inputs`.

    Returns:
        `[B, L, D]`.

    Example:

    >>> import numpy as np
    >>> tuple(SelfAttention(heads=2, head_size=4)(np.ones([1, 3, 8])).shape)
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
        size, inner = input_shape[-1], self.heads * self.head_size
        for name in ("query", "key", "value"):
            self._add_dense(name, size, inner)
        self._add_dense("output", inner, size)
        self.built = True

    def _add_dense(self, name: str, rows: int, columns: int) -> None:
        kernel = self.add_weight(
            name=f"{name}_kernel",
            shape=(rows, columns),
            initializer=keras.initializers.TruncatedNormal(stddev=0.02),
        )
        bias = self.add_weight(name=f"{name}_bias", shape=(columns,), initializer="zeros")
        setattr(self, f"{name}_kernel", kernel)
        setattr(self, f"{name}_bias", bias)

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> tf.Tensor:
        batch, length, _ = tf.unstack(tf.shape(inputs))
        shape = [batch, length, self.heads, self.head_size]
        query, key, value = (
            tf.transpose(tf.reshape(self._dense(inputs, name), shape), [0, 2, 1, 3])
            for name in ("query", "key", "value")
        )
        scores = tf.matmul(query * self.head_size**-0.5, key, transpose_b=True)
        weights = self._drop(self._normalize(scores, mask), training=training)
        heads = tf.transpose(tf.matmul(weights, value), [0, 2, 1, 3])
        return tf.reshape(self._dense(heads, "output"), tf.shape(inputs))

    def _dense(self, x: tf.Tensor, name: str) -> tf.Tensor:
        """One of the four linear maps, on rows: `[B, L, ...]` to `[B * L, columns]`."""
        kernel = getattr(self, f"{name}_kernel")
        rows = tf.reshape(x, [-1, kernel.shape[0]])
        return tf.nn.bias_add(tf.matmul(rows, kernel), getattr(self, f"{name}_bias"))

    def _normalize(self, scores: tf.Tensor, mask: Any) -> tf.Tensor:
        exact = tf.float64 if scores.dtype == tf.float64 else tf.float32
        bounded = tf.cast(scores, exact)
        if mask is not None:
            bounded += PADDING_BIAS * tf.cast(~mask[:, None, None, :], exact)
        return tf.cast(tf.nn.softmax(bounded), scores.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "heads": self.heads,
            "head_size": self.head_size,
            "dropout": self.dropout,
        }
