"""The normalization step shared by all layer normalizations."""

from __future__ import annotations

from gplinker_tf.backend import tf


def normalized(
    x: tf.Tensor, epsilon: float, zero_mean: bool = True, unit_variance: bool = True
) -> tf.Tensor:
    """Normalize the last axis of a tensor to mean 0 and variance 1, in float32 or float64.

    Args:
        x: `[..., D]`.
        epsilon: the value added to the variance.
        zero_mean: whether to subtract the mean.
        unit_variance: whether to divide by the standard deviation.

    Returns:
        `[..., D]`, float64 if `x` is, else float32.

    Example:

    >>> normalized(tf.constant([[1.0, 3.0]]), 1e-12).numpy().tolist()
    [[-1.0, 1.0]]

    Source: Ba, Kiros and Hinton, "Layer Normalization", https://arxiv.org/abs/1607.06450.
    """
    x = tf.cast(x, tf.float64 if x.dtype == tf.float64 else tf.float32)
    if zero_mean:
        x -= tf.reduce_mean(x, axis=-1, keepdims=True)
    if unit_variance:
        variance = tf.reduce_mean(tf.square(x), axis=-1, keepdims=True)
        x *= tf.math.rsqrt(variance + epsilon)
    return x
