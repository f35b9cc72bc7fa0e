"""T5's relative position scores."""

from __future__ import annotations

import math
from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.relative_position_embedding import RelativePositionEmbedding, distances


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class RelativePositionEmbeddingT5(RelativePositionEmbedding):
    """A layer that returns a table row per distance, where large distances share rows.

    Half of the rows of a direction are for single distances, the others for ranges that grow
    exponentially up to `max_distance`. `MultiHeadAttention` takes the result with
    `p_bias="t5_relative"`.

    Args:
        input_dim: rows of the table.
        output_dim: size of a row, the number of heads.
        max_distance: all distances from this one on share the last row.
        bidirectional: whether later positions have their own rows; otherwise they get distance 0.
        embeddings_initializer: initializer of the table.
        **kwargs: standard Keras layer arguments.

    Example:

    >>> x = tf.ones([2, 5, 8])
    >>> RelativePositionEmbeddingT5(input_dim=32, output_dim=2)([x, x]).shape
    TensorShape([5, 5, 2])

    Source: bert4keras 0.11.5, `layers.RelativePositionEmbeddingT5`;
    https://arxiv.org/abs/1910.10683.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        max_distance: int = 128,
        bidirectional: bool = True,
        embeddings_initializer: Any = "zeros",
        **kwargs: Any,
    ) -> None:
        super().__init__(input_dim, output_dim, embeddings_initializer, **kwargs)
        self.max_distance, self.bidirectional = max_distance, bidirectional

    def compute_position_ids(self, inputs: Any) -> tf.Tensor:
        before = -distances(inputs)
        rows, first = self.input_dim, tf.zeros_like(before)
        if self.bidirectional:
            rows //= 2
            first = tf.where(before < 0, rows, 0)
            before = tf.abs(before)
        before = tf.maximum(before, 0)
        single = rows // 2
        ratio = tf.cast(tf.maximum(before, 1), tf.float32) / single
        share = tf.math.log(ratio) / math.log(self.max_distance / single)
        far = tf.minimum(single + tf.cast(share * (rows - single), tf.int32), rows - 1)
        return first + tf.where(before < single, before, far)

    def get_config(self) -> dict[str, Any]:
        names = ("max_distance", "bidirectional")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
