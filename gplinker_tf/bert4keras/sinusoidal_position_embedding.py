"""bert4keras's sinusoidal position embeddings."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.backend import sinusoidal_embeddings
from gplinker_tf.bert4keras.layer import Layer
from gplinker_tf.bert4keras.position_embedding import merged, merged_shape


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class SinusoidalPositionEmbedding(Layer):
    """A layer without weights that combines each vector with sines and cosines of its position.

        v[2 i] = sin(n * 10000^(-2 i / S)),  v[2 i + 1] = cos(n * 10000^(-2 i / S))

    With `merge_mode="zero"`, `MultiHeadAttention` and `GatedAttentionUnit` take its output for
    `p_bias="rotary"`.

    Args:
        output_dim: `S`, even.
        merge_mode: as for `PositionEmbedding`.
        custom_position_ids: take the positions as a second input, integers or not.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: `x`, `[B, L, D]`, or `[x, positions]` with positions `[B, L]`.

    Returns:
        As for `PositionEmbedding`.

    Example:

    >>> SinusoidalPositionEmbedding(output_dim=4, merge_mode="zero")(tf.ones([2, 3, 8])).shape
    TensorShape([1, 3, 4])

    Source: bert4keras 0.11.5, `layers.SinusoidalPositionEmbedding`.
    """

    def __init__(
        self,
        output_dim: int,
        merge_mode: str = "add",
        custom_position_ids: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.output_dim = output_dim
        self.merge_mode = merge_mode
        self.custom_position_ids = custom_position_ids

    def call(self, inputs: Any) -> tf.Tensor:
        x, places = inputs if self.custom_position_ids else (inputs, None)
        places = tf.range(tf.shape(x)[1])[None] if places is None else places
        vectors = sinusoidal_embeddings(tf.cast(places, tf.float32), self.output_dim)
        return merged(x, tf.cast(vectors, x.dtype), self.merge_mode)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return mask[0] if self.custom_position_ids and mask is not None else mask

    def compute_output_shape(self, input_shape: Any) -> Any:
        shape = input_shape[0] if self.custom_position_ids else input_shape
        return merged_shape(shape, self.output_dim, self.merge_mode)

    def get_config(self) -> dict[str, Any]:
        names = ("output_dim", "merge_mode", "custom_position_ids")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
