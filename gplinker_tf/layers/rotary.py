"""Rotary position embedding (RoPE)."""

from __future__ import annotations

from collections.abc import Sequence

from gplinker_tf.backend import tf


def rotate(vectors: tf.Tensor) -> tf.Tensor:
    """Rotate each vector by its position, so that inner products depend on relative positions.

    The components (2i, 2i+1) of the vector at position `m` are rotated by the angle
    `m * 10000^(-2i/S)`.

    Args:
        vectors: `[B, L, ..., S]`, `S` even; axis 1 is the position.

    Returns:
        The rotated vectors, same shape and dtype. Angles are computed in float32.

    Example:

    >>> rotate(tf.constant([[[1.0, 0.0], [1.0, 0.0]]])).numpy().round(4)
    array([[[1.    , 0.    ],
            [0.5403, 0.8415]]], dtype=float32)

    Source: Su et al., "RoFormer", https://arxiv.org/abs/2104.09864, equation 34.
    """
    rotated = tf.stack(_rotated_pairs(vectors, range(len(vectors.shape) - 1)), axis=-1)
    return tf.reshape(rotated, tf.shape(vectors))


def rotate_apart(vectors: tf.Tensor, axes: Sequence[int] | None = None) -> tf.Tensor:
    """Rotate as in `rotate`, but return the even components before the odd ones.

    Inner products do not depend on the order, and restoring the original order takes time.

    Args:
        vectors: `[B, L, ..., S]`, `S` even; axis 1 is the position.
        axes: the order in which all axes but the last are returned; unchanged by default.

    Returns:
        The rotated vectors, same dtype. Angles are computed in float32.

    Example:

    >>> vectors = tf.random.normal([2, 3, 4, 8])
    >>> rotated, by_head = rotate(vectors), rotate_apart(vectors, [0, 2, 1])
    >>> by_head.shape
    TensorShape([2, 4, 3, 8])
    >>> bool(tf.reduce_all(by_head[:, :, 1, 4] == rotated[:, 1, :, 1]))
    True

    Source: as in `rotate`.
    """
    axes = range(len(vectors.shape) - 1) if axes is None else axes
    return tf.concat(_rotated_pairs(vectors, axes), axis=-1)


def _rotated_pairs(vectors: tf.Tensor, axes: Sequence[int]) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the rotated even components and the rotated odd components."""
    shape, size = tf.shape(vectors), vectors.shape[-1]
    pairs = tf.reshape(vectors, tf.concat([shape[:-1], [size // 2, 2]], axis=0))
    # One transposition takes a third of the time of two strided slices.
    last = len(axes)
    even, odd = tf.unstack(tf.transpose(pairs, [last + 1, *axes, last]))
    position = tf.cast(tf.range(shape[1]), tf.float32)
    frequency = tf.pow(10000.0, -2.0 * tf.range(size // 2, dtype=tf.float32) / size)
    inner_axes = [1] * (last - 1 - list(axes).index(1))
    angle = tf.reshape(position, [-1, *inner_axes, 1]) * frequency
    cosine, sine = tf.cast(tf.cos(angle), vectors.dtype), tf.cast(tf.sin(angle), vectors.dtype)
    return even * cosine - odd * sine, odd * cosine + even * sine
