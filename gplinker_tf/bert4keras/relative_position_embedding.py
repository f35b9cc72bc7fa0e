"""bert4keras's relative position embeddings."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.initializers import fresh, serialized_initializer
from gplinker_tf.bert4keras.layer import Layer


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class RelativePositionEmbedding(Layer):
    """A layer that returns a vector per distance: row `clip(n - m) + R` of a table.

    The table has `2 R + 1` rows, and distances are clipped to `-R .. R`. `MultiHeadAttention` takes
    the result with `p_bias="typical_relative"`.

    Args:
        input_dim: rows of the table, `2 R + 1`.
        output_dim: size of a vector.
        embeddings_initializer: initializer of the table.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: a list of the query sequence, `[B, L, D]`, and the value sequence, `[B, M, D]`.

    Returns:
        `[L, M, output_dim]`, without a mask.

    Example:

    >>> x = tf.ones([2, 5, 8])
    >>> RelativePositionEmbedding(input_dim=7, output_dim=4)([x, x]).shape
    TensorShape([5, 5, 4])

    Source: bert4keras 0.11.5, `layers.RelativePositionEmbedding`; https://arxiv.org/abs/1803.02155.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "zeros",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim, self.output_dim = input_dim, output_dim
        self.embeddings_initializer = keras.initializers.get(embeddings_initializer)

    def build(self, input_shape: Any) -> None:
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.input_dim, self.output_dim),
            initializer=fresh(self.embeddings_initializer),
        )
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        table = tf.cast(tf.convert_to_tensor(self.embeddings), self.compute_dtype)
        return tf.gather(table, self.compute_position_ids(inputs))

    def compute_position_ids(self, inputs: Any) -> tf.Tensor:
        """Return the table row of each position pair, int `[L, M]`; a subclass may override it.

        Args:
            inputs: the inputs of `call`.
        """
        largest = (self.input_dim - 1) // 2
        return tf.clip_by_value(distances(inputs), -largest, largest) + largest

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0][1], input_shape[1][1], self.output_dim)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": serialized_initializer(self.embeddings_initializer),
        }


def distances(inputs: Any) -> tf.Tensor:
    """Return the second sequence's positions relative to each of the first's, int `[L, M]`.

    Args:
        inputs: a list of `[B, L, D]` and `[B, M, D]`.
    """
    reading, read = (tf.range(tf.shape(x)[1]) for x in inputs)
    return read[None, :] - reading[:, None]
