"""bert4keras's embedding layer, which can also serve as a dense layer with the same table."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.initializers import serialized_initializer
from gplinker_tf.encoders.layers.token_embedding import is_token


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class Embedding(keras.layers.Embedding):
    """Keras's `Embedding`, which can also use its table to score every row.

    With `mask_zero`, id 0 is padding everywhere except at the first position.

    Args:
        *args: arguments of Keras's layer: `input_dim`, `output_dim`, `embeddings_initializer`, ...
        **kwargs: further arguments of Keras's layer: `mask_zero`, `name`, ...

    Call arguments:
        inputs: ids `[B, L]`; with `mode="dense"`, vectors `[B, L, D]`.
        mode: `"embedding"` looks up ids; `"dense"` multiplies by the transposed table.

    Returns:
        `[B, L, D]`; with `mode="dense"`, `[B, L, input_dim]` with the mask of the input.

    Example:

    >>> layer = Embedding(10, 4, mask_zero=True)
    >>> vectors = layer(tf.constant([[2, 7, 0]]))
    >>> vectors.shape, layer(vectors, mode="dense").shape
    (TensorShape([1, 3, 4]), TensorShape([1, 3, 10]))

    Source: bert4keras 0.11.5, `layers.Embedding`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Any, mode: str = "embedding") -> tf.Tensor:
        table = tf.cast(tf.convert_to_tensor(self.embeddings), self.compute_dtype)
        if mode == "embedding":
            return tf.gather(table, tf.cast(inputs, tf.int32))
        return tf.tensordot(tf.cast(inputs, table.dtype), table, [[-1], [-1]])

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if len(inputs.shape) != 2:
            return mask
        return is_token(inputs) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        if len(input_shape) == 2:
            return (*input_shape, self.output_dim)
        return (*input_shape[:2], self.input_dim)

    def compute_output_spec(self, inputs: Any, mode: str = "embedding") -> Any:
        """Return the output's spec, which Keras 3 asks for instead of the shape."""
        size = (*inputs.shape, self.output_dim)
        if mode != "embedding":
            size = (*inputs.shape[:-1], self.input_dim)
        return keras.KerasTensor(size, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        initializer = serialized_initializer(self.embeddings_initializer)
        return {**super().get_config(), "embeddings_initializer": initializer}
