"""bert4keras's pooling over a sequence, which ignores masked positions."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.backend import sequence_masking


class _Pooling1D(keras.layers.Layer):
    """The common base of both layers: the sequence axis, and an output without a mask."""

    def _axis(self) -> int:
        return 1 if self.data_format == "channels_last" else 2

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class GlobalMaxPooling1D(_Pooling1D, keras.layers.GlobalMaxPooling1D):
    """A layer that returns each feature's maximum over the unmasked positions.

    Args:
        data_format: `"channels_last"` for `[B, L, D]`, `"channels_first"` for `[B, D, L]`.
        **kwargs: further arguments of Keras's layer.

    Call arguments:
        inputs: a float tensor.
        mask: bool `[B, L]`, or `None`.

    Returns:
        `[B, D]`, without a mask; -inf if all positions are masked.

    Example:

    >>> x = tf.constant([[[1.0], [3.0]]])
    >>> GlobalMaxPooling1D()(x, mask=tf.constant([[True, False]])).numpy().tolist()
    [[1.0]]

    Source: bert4keras 0.11.5, `layers.GlobalMaxPooling1D`.
    """

    def __init__(self, data_format: str = "channels_last", **kwargs: Any) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> tf.Tensor:
        axis = self._axis()
        inputs = sequence_masking(inputs, mask, -float("inf"), axis)
        return tf.reduce_max(inputs, axis=axis, keepdims=self.keepdims)


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class GlobalAveragePooling1D(_Pooling1D, keras.layers.GlobalAveragePooling1D):
    """A layer that returns each feature's mean over the unmasked positions.

    Args:
        *args: arguments of Keras's layer: `data_format`.
        **kwargs: further arguments of Keras's layer.

    Call arguments:
        inputs: a float tensor, `[B, L, D]`, or `[B, D, L]` with `data_format="channels_first"`.
        mask: bool `[B, L]`, or `None`.

    Returns:
        `[B, D]`, without a mask.

    Example:

    >>> x = tf.constant([[[1.0], [3.0]]])
    >>> GlobalAveragePooling1D()(x, mask=tf.constant([[True, False]])).numpy().tolist()
    [[1.0]]

    Source: bert4keras 0.11.5, `layers.GlobalAveragePooling1D`.
    """

    def call(self, inputs: Any, mask: Any = None) -> tf.Tensor:
        axis = self._axis()
        if mask is None:
            return tf.reduce_mean(inputs, axis=axis, keepdims=self.keepdims)
        mask = tf.expand_dims(tf.cast(mask, inputs.dtype), 3 - axis)
        total = tf.reduce_sum(inputs * mask, axis=axis, keepdims=self.keepdims)
        return total / tf.reduce_sum(mask, axis=axis, keepdims=self.keepdims)
