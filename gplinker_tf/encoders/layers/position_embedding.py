"""Learned absolute position embeddings."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.layers import bert_initializer


@register
class PositionEmbedding(keras.layers.Layer):
    """A layer that adds a vector to each position: `output[b, l] = x[b, l] + embeddings[l]`.

    Args:
        input_dim: the maximum sequence length.
        output_dim: `D`.

    Call arguments:
        inputs: `[B, L, D]`, L at most `input_dim`.

    Returns:
        `[B, L, D]`.

    Example:

    >>> import numpy as np
    >>> tuple(PositionEmbedding(input_dim=512, output_dim=4)(np.zeros([1, 3, 4])).shape)
    (1, 3, 4)

    Source: Devlin et al., "BERT", https://arxiv.org/abs/1810.04805, figure 2.
    """

    def __init__(self, input_dim: int, output_dim: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.input_dim, self.output_dim),
            initializer=bert_initializer(),
        )
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        return inputs + self.embeddings[None, : tf.shape(inputs)[1]]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
        }
