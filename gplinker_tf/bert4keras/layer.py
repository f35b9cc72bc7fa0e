"""bert4keras's `Layer`, and what its layers have in common."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, tf


class Layer(keras.layers.Layer):
    """A Keras layer that masks pass through.

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
        # Keras 3.0 asks no layer of several inputs for its mask.
        if KERAS_3 and several_to_one and getattr(outputs, "_keras_mask", None) is None:
            outputs._keras_mask = self.compute_mask(inputs, masks_of(inputs))
        return outputs


def masks_of(inputs: Any) -> list:
    """The masks that travel with tensors, each `None` where there is none."""
    return [getattr(part, "_keras_mask", None) for part in inputs]


def build_part(part: keras.layers.Layer, input_shape: Any) -> None:
    """Builds a layer within another, so that its weights have its name in theirs.

    Args:
        part: the inner layer.
        input_shape: of its input.
    """
    with tf.name_scope(part.name):
        part.build(input_shape)


def mapped(part: keras.layers.Layer, x: tf.Tensor) -> tf.Tensor:
    """A dense layer's map of the last axis; by rows, which TensorFlow does fastest.

    Args:
        part: a built dense layer without activation, or what a subclass has put in its place.
        x: `[..., D]`.
    """
    if type(part) is not keras.layers.Dense:
        return part(x)
    units = part.kernel.shape[-1]
    rows = tf.matmul(tf.reshape(x, [-1, part.kernel.shape[0]]), part.kernel)
    if part.use_bias:
        rows = tf.nn.bias_add(rows, part.bias)
    return tf.reshape(rows, tf.concat([tf.shape(x)[:-1], [units]], axis=0))
