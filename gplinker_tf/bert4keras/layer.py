"""bert4keras's `Layer`, and helpers that its layers share."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, tf


class Layer(keras.layers.Layer):
    """A Keras layer that passes masks through.

    Example:

    >>> Layer().supports_masking
    True

    Source: bert4keras 0.11.5, `layers.Layer`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        outputs = super().__call__(inputs, *args, **kwargs)
        several_to_one = isinstance(inputs, (list, tuple)) and hasattr(outputs, "shape")
        # Keras 3.0 does not ask a layer with several inputs for its mask.
        if KERAS_3 and several_to_one and getattr(outputs, "_keras_mask", None) is None:
            outputs._keras_mask = self.compute_mask(inputs, masks_of(inputs))
        return outputs


def masks_of(inputs: Any) -> list:
    """Return the masks attached to tensors, `None` for a tensor without one."""
    return [getattr(part, "_keras_mask", None) for part in inputs]


def build_part(part: keras.layers.Layer, input_shape: Any) -> None:
    """Build a sublayer so that the names of its weights include its name.

    Args:
        part: the inner layer.
        input_shape: the shape of its input.
    """
    with tf.name_scope(part.name):
        part.build(input_shape)


def mapped(part: keras.layers.Layer, x: tf.Tensor) -> tf.Tensor:
    """Apply a dense layer to `x` as a matrix of rows, which is fastest in TensorFlow.

    Args:
        part: a built dense layer without activation, or a subclass's replacement for it.
        x: `[..., D]`.
    """
    if type(part) is not keras.layers.Dense:
        return part(x)
    units = part.kernel.shape[-1]
    rows = tf.matmul(tf.reshape(x, [-1, part.kernel.shape[0]]), part.kernel)
    if part.use_bias:
        rows = tf.nn.bias_add(rows, part.bias)
    return tf.reshape(rows, tf.concat([tf.shape(x)[:-1], [units]], axis=0))
