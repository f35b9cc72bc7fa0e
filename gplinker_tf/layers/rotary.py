"""Rotary position embedding (RoPE)."""

from __future__ import annotations

from gplinker_tf.backend import tf


def rotate(vectors: tf.Tensor) -> tf.Tensor:
    """Turns each vector by its position, so that inner products see relative positions only.

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
    shape, size = tf.shape(vectors), vectors.shape[-1]
    length = shape[1]
    position = tf.cast(tf.range(length), tf.float32)
    frequency = tf.pow(10000.0, -2.0 * tf.range(size // 2, dtype=tf.float32) / size)
    angle = position[:, None] * frequency
    inner_axes = [1] * (len(vectors.shape) - 3)
    angle = tf.reshape(angle, [1, length, *inner_axes, size // 2])
    cosine, sine = tf.cast(tf.cos(angle), vectors.dtype), tf.cast(tf.sin(angle), vectors.dtype)
    pairs = tf.concat([shape[:-1], [size // 2, 2]], axis=0)
    even, odd = tf.unstack(tf.reshape(vectors, pairs), 2, axis=-1)
    rotated = tf.stack([even * cosine - odd * sine, odd * cosine + even * sine], axis=-1)
    return tf.reshape(rotated, shape)
