"""Multi-head self-attention with bert4keras's weights."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import register, tf
from gplinker_tf.encoders.layers.attention_layer import AttentionLayer, masked_softmax
from gplinker_tf.encoders.layers.attention_positions import POSITIONS, by_head
from gplinker_tf.encoders.layers.token_embedding import is_token
from gplinker_tf.layers import bert_initializer


@register
class SelfAttention(AttentionLayer):
    """Multi-head self-attention, which computes a weighted mean over all positions in each head:

        softmax(Q_h K_h^T / sqrt(S)) V_h, the heads concatenated, times W_O, plus b_O

    with `Q = x W_Q + b_Q`, and K and V likewise. Padding is never attended to.
    Weights, in order: kernel and, with `use_bias`, bias of query, key, value and output.

    Args:
        heads: the number of heads.
        head_size: `S`, the size of a head's query, key and value.
        dropout: the fraction of attention weights that are dropped in training.
        positions: `"none"`; `"rotary"`, as in RoFormer, which rotates queries and keys; or
            `"relative"`, as in NEZHA, which adds a vector of the distance to keys and values.
        use_bias: whether the four linear maps have a bias.

    Call arguments:
        inputs: `[x, token_ids]`, a float `[B, L, D]` and the int `[B, L]` that shows padding. (The
            Keras mask of `x` is not enough: early versions of Keras 3 lose it in sums.)

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

    def __init__(
        self,
        heads: int,
        head_size: int,
        dropout: float = 0.0,
        positions: str = "none",
        use_bias: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(dropout, **kwargs)
        if positions not in POSITIONS:
            raise ValueError(
                f"Expected one of {sorted(POSITIONS)}. Received: positions={positions!r}."
            )
        self.heads = heads
        self.head_size = head_size
        self.positions = positions
        self.use_bias = use_bias
        self._positions = POSITIONS[positions](head_size)

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
        setattr(self, f"{name}_kernel", kernel)
        if self.use_bias:
            bias = self.add_weight(name=f"{name}_bias", shape=(columns,), initializer="zeros")
            setattr(self, f"{name}_bias", bias)

    def call(self, inputs: Any, training: Any = None) -> tf.Tensor:
        x, token_ids = inputs
        batch, length, _ = tf.unstack(tf.shape(x))
        shape = [batch, length, self.heads, self.head_size]
        query, key, value = (
            tf.reshape(self._dense(x, name), shape) for name in ("query", "key", "value")
        )
        query, key = self._positions.by_head(query), self._positions.by_head(key)
        query *= self.head_size**-0.5
        scores = tf.matmul(query, key, transpose_b=True)
        # From the token ids, which all layers share, so that TensorFlow computes this only once.
        distances = self._positions.distances(tf.shape(token_ids)[1], x.dtype)
        scores = _sum(scores, self._positions.added_scores(query, distances))
        readable = is_token(token_ids)[:, None, None]
        weights = self._drop(masked_softmax(scores, readable), training=training)
        heads = tf.matmul(weights, by_head(value))
        heads = by_head(_sum(heads, self._positions.added_values(weights, distances)))
        return tf.reshape(self._dense(heads, "output"), tf.shape(x))

    def _dense(self, x: tf.Tensor, name: str) -> tf.Tensor:
        """Apply one of the four linear maps to rows: `[B, L, ...]` to `[B * L, columns]`."""
        kernel = getattr(self, f"{name}_kernel")
        rows = tf.reshape(x, [-1, kernel.shape[0]])
        rows = tf.matmul(rows, kernel)
        return tf.nn.bias_add(rows, getattr(self, f"{name}_bias")) if self.use_bias else rows

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "heads": self.heads,
            "head_size": self.head_size,
            "positions": self.positions,
            "use_bias": self.use_bias,
        }


def _sum(tensor: tf.Tensor, added: tf.Tensor | None) -> tf.Tensor:
    return tensor if added is None else tensor + added
