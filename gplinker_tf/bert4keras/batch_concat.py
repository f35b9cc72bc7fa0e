"""bert4keras's layer that joins the parts of a batch."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, tf
from gplinker_tf.bert4keras.layer import Layer


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class BatchConcat(Layer):
    """A layer that joins the parts of a batch that `BatchSplit` made.

    Args:
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: a list of `[B, ...]`.

    Returns:
        `[sum of all B, ...]`, with a mask if all parts have one.

    Example:

    >>> BatchConcat()([tf.ones([2, 3]), tf.ones([1, 3])]).shape
    TensorShape([3, 3])

    Source: bert4keras 0.11.5, `layers.BatchConcat`.
    """

    def call(self, inputs: Any) -> tf.Tensor:
        return tf.concat(inputs, axis=0)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None or any(part is None for part in mask):
            return None
        return keras.ops.concatenate(mask, axis=0) if KERAS_3 else tf.concat(mask, axis=0)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (None, *input_shape[0][1:])
