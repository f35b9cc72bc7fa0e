"""Logarithms of sums of exponentials, the building blocks of all losses here."""

from __future__ import annotations

from collections.abc import Callable

from gplinker_tf.backend import tf


@tf.custom_gradient
def log1p_sum_exp(scores: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """Compute log(1 + sum_i exp(s_i)) over the last axis, accurate for huge and tiny sums.

    The value is softplus(logsumexp(s)). The gradient exp(s_i - value) needs no division, so it is
    finite if all scores are finite or -inf, even if all are -inf.

    Args:
        scores: float `[..., C]`; -inf leaves a class out.

    Returns:
        Float `[...]`.

    Example:

    >>> log1p_sum_exp(tf.constant([[0.0, 0.0], [-float("inf"), -40.0]])).numpy()
    array([1.0986123e+00, 4.2483541e-18], dtype=float32)
    """
    shift = finite_maximum(scores)
    total = tf.reduce_sum(tf.exp(scores - shift), axis=-1)
    value = tf.math.softplus(tf.math.log(total) + tf.squeeze(shift, axis=-1))

    def gradient(upstream: tf.Tensor) -> tf.Tensor:
        return tf.exp(scores - value[..., None]) * upstream[..., None]

    return value, gradient


@tf.custom_gradient
def log_sum_exp(scores: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """Compute log(sum_i exp(s_i)) over the last axis; -inf, with zero gradient, if all scores are.

    Args:
        scores: float `[..., C]`; -inf leaves a class out.

    Returns:
        Float `[...]`.

    Example:

    >>> log_sum_exp(tf.constant([[0.0, 0.0], [-float("inf"), -float("inf")]])).numpy()
    array([0.6931472,      -inf], dtype=float32)
    """
    shift = finite_maximum(scores)
    total = tf.reduce_sum(tf.exp(scores - shift), axis=-1)
    value = tf.math.log(total) + tf.squeeze(shift, axis=-1)

    def gradient(upstream: tf.Tensor) -> tf.Tensor:
        finite = tf.where(tf.math.is_finite(value), value, tf.zeros_like(value))
        return tf.exp(scores - finite[..., None]) * upstream[..., None]

    return value, gradient


def finite_maximum(scores: tf.Tensor, axis: int | list[int] = -1) -> tf.Tensor:
    """Return the maximum over axes, kept with size 1, or 0 if not finite; without gradient."""
    highest = tf.reduce_max(scores, axis=axis, keepdims=True)
    return tf.stop_gradient(tf.where(tf.math.is_finite(highest), highest, tf.zeros_like(highest)))
