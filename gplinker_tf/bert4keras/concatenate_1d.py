"""bert4keras's concatenation of sequences, some of which may have a mask."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, tf
from gplinker_tf.bert4keras.layer import Layer


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class Concatenate1D(Layer):
    """A layer that concatenates sequences; without a mask, all positions of a sequence count.

    Args:
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: a list of `[B, L, D]` with the same `D`.

    Returns:
        `[B, sum of all L, D]`, with the masks concatenated likewise.

    Example:

    >>> Concatenate1D()([tf.ones([2, 3, 4]), tf.ones([2, 1, 4])]).shape
    TensorShape([2, 4, 4])

    Source: bert4keras 0.11.5, `layers.Concatenate1D`.
    """

    def call(self, inputs: Any) -> tf.Tensor:
        return tf.concat(inputs, axis=1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None or all(part is None for part in mask):
            return None
        # Keras 3 also asks for the mask of symbolic tensors, which only its own operations take.
        operations = keras.ops if KERAS_3 else tf
        masks = [
            operations.ones_like(x[..., 0], dtype="bool") if part is None else part
            for x, part in zip(inputs, mask, strict=True)
        ]
        return operations.concatenate(masks, axis=1) if KERAS_3 else tf.concat(masks, axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        lengths = [shape[1] for shape in input_shape]
        length = None if None in lengths else sum(lengths)
        return (input_shape[0][0], length, input_shape[0][2])
