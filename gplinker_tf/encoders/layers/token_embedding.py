"""Embedding tables of token and segment ids, and their sum."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, register, tf
from gplinker_tf.layers import bert_initializer


def is_token(token_ids: Any) -> Any:
    """Return True for tokens and False for padding, which is id 0 except at the first position.

    Args:
        token_ids: int `[B, L]`.

    Returns:
        bool `[B, L]`.
    """
    # Keras 3 also needs the mask of symbolic tensors, which only its own operations accept
    operations = keras.ops if KERAS_3 else tf
    behind_the_first = operations.not_equal(token_ids[:, 1:], 0)
    return operations.pad(behind_the_first, [[0, 0], [1, 0]], constant_values=True)


@register
class TokenEmbedding(keras.layers.Layer):
    """A table of embeddings: `output[b, l] = embeddings[ids[b, l]]`.

    With `mask_zero`, id 0 is padding except at the first position, so that there is always a
    token to attend to; the output carries the mask, as usual in Keras.

    Args:
        input_dim: the number of rows.
        output_dim: `D`.
        mask_zero: whether id 0 is padding.

    Call arguments:
        inputs: int `[B, L]`.

    Returns:
        `[B, L, D]`.

    Example:

    >>> import numpy as np
    >>> layer = TokenEmbedding(input_dim=10, output_dim=4, mask_zero=True)
    >>> ids = np.array([[2, 7, 0]])
    >>> tuple(layer(ids).shape), layer.compute_mask(ids).numpy().tolist()
    ((1, 3, 4), [[True, True, False]])

    Source: Devlin et al., "BERT", https://arxiv.org/abs/1810.04805, figure 2.
    """

    def __init__(
        self, input_dim: int, output_dim: int, mask_zero: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero

    def build(self, input_shape: Any) -> None:
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.input_dim, self.output_dim),
            initializer=bert_initializer(),
        )
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        return tf.gather(tf.convert_to_tensor(self.embeddings), tf.cast(inputs, tf.int32))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if not self.mask_zero:
            return None
        return is_token(inputs)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        return (*input_shape, self.output_dim)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "mask_zero": self.mask_zero,
        }
