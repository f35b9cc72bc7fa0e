"""bert4keras's learned position embeddings."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.initializers import fresh, serialized_initializer
from gplinker_tf.bert4keras.layer import Layer


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class PositionEmbedding(Layer):
    """A layer that combines each vector of a sequence with a learned vector of its position.

    Args:
        input_dim: number of learned positions.
        output_dim: size of a position vector.
        merge_mode: `"add"`; `"mul"` multiplies by 1 + vector; `"zero"` returns the vector alone;
            any other value appends the vector to the input.
        hierarchical: derive vectors for `input_dim ** 2` positions from the learned ones
            (https://kexue.fm/archives/7947); True for the factor 0.4, or another factor.
        embeddings_initializer: initializer of the learned vectors.
        custom_position_ids: take the positions as a second input.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: `x`, `[B, L, D]`, or `[x, positions]` with positions `[B, L]`.

    Returns:
        `[B, L, D]`; `[B, L, D + output_dim]` if the vector is appended.

    Example:

    >>> PositionEmbedding(input_dim=16, output_dim=4)(tf.ones([2, 3, 4])).shape
    TensorShape([2, 3, 4])

    Source: bert4keras 0.11.5, `layers.PositionEmbedding`.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        merge_mode: str = "add",
        hierarchical: bool | float | None = None,
        embeddings_initializer: Any = "zeros",
        custom_position_ids: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim, self.output_dim = input_dim, output_dim
        self.merge_mode = merge_mode
        self.hierarchical = hierarchical
        self.embeddings_initializer = keras.initializers.get(embeddings_initializer)
        self.custom_position_ids = custom_position_ids

    def build(self, input_shape: Any) -> None:
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.input_dim, self.output_dim),
            initializer=fresh(self.embeddings_initializer),
        )
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        x, places = inputs if self.custom_position_ids else (inputs, None)
        return merged(x, self._vectors(places, tf.shape(x)[1]), self.merge_mode)

    def _vectors(self, places: Any, length: tf.Tensor) -> tf.Tensor:
        """Return `[B, L, output_dim]`, or `[1, L, output_dim]` for the positions 0, 1, 2, ..."""
        table = tf.convert_to_tensor(self.embeddings)
        if places is None and not self.hierarchical:
            return table[None, :length]
        places = tf.range(length)[None] if places is None else tf.cast(places, tf.int32)
        if not self.hierarchical:
            return tf.gather(table, places)
        share = 0.4 if self.hierarchical is True else self.hierarchical
        table = (table - share * table[:1]) / (1 - share)
        coarse = tf.gather(table, places // self.input_dim)
        return share * coarse + (1 - share) * tf.gather(table, places % self.input_dim)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return mask[0] if self.custom_position_ids and mask is not None else mask

    def compute_output_shape(self, input_shape: Any) -> Any:
        shape = input_shape[0] if self.custom_position_ids else input_shape
        return merged_shape(shape, self.output_dim, self.merge_mode)

    def get_config(self) -> dict[str, Any]:
        names = ("input_dim", "output_dim", "merge_mode", "hierarchical", "custom_position_ids")
        initializer = serialized_initializer(self.embeddings_initializer)
        config = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **config, "embeddings_initializer": initializer}


def merged(x: tf.Tensor, vectors: tf.Tensor, merge_mode: str) -> tf.Tensor:
    """Return a sequence combined with its position vectors, as `PositionEmbedding` does.

    Args:
        x: `[B, L, D]`.
        vectors: `[B, L, S]`, or `[1, L, S]` for all rows.
        merge_mode: the layer's merge mode.
    """
    if merge_mode == "add":
        return x + vectors
    if merge_mode == "mul":
        return x * (vectors + 1.0)
    if merge_mode == "zero":
        return vectors
    shape = tf.concat([tf.shape(x)[:2], tf.shape(vectors)[2:]], axis=0)
    return tf.concat([x, tf.broadcast_to(vectors, shape)], axis=-1)


def merged_shape(shape: Any, size: int, merge_mode: str) -> tuple:
    """Return the shape of the result of `merged`.

    Args:
        shape: the shape of the sequence.
        size: the size of a position vector.
        merge_mode: the layer's merge mode.
    """
    batch, length, width = shape
    return (batch, length, size if merge_mode in ("add", "mul", "zero") else width + size)
