"""The upper triangle: token pairs whose second token is not before the first, in one sequence."""

from __future__ import annotations

from gplinker_tf.backend import tf


def triangle_pairs(length: tf.Tensor | int) -> tuple[tf.Tensor, tf.Tensor]:
    """Return first and second tokens of all `N = L (L + 1) / 2` pairs, row by row, int32 `[N]`.

    Args:
        length: `L`.

    Returns:
        The first tokens, and the second tokens.

    Example:

    >>> first, second = triangle_pairs(3)
    >>> first.numpy(), second.numpy()
    (array([0, 0, 0, 1, 1, 2], dtype=int32), array([0, 1, 2, 1, 2, 2], dtype=int32))
    """
    place = tf.range(length * (length + 1) // 2)
    # Row i begins at i (2L + 1 - i) / 2, solved for i. Unlike listing the cells of a mask, this
    # compiles with XLA. The last index of a row is 2 / side from the next row: half of that keeps
    # both in their rows despite float32 rounding (LiteRT has no float64), up to 2,048 tokens.
    side = tf.cast(2 * length + 1, tf.float32)
    root = tf.sqrt(side * side - 8.0 * tf.cast(place, tf.float32))
    first = tf.cast(tf.floor((side - root) / 2.0 + 1.0 / side), tf.int32)
    return first, place - triangle_place(first, first, length) + first


def triangle_place(first: tf.Tensor, second: tf.Tensor, length: tf.Tensor | int) -> tf.Tensor:
    """The index of each pair in the sequence.

    Args:
        first: int, any shape.
        second: int, of the same shape, never less than `first`.
        length: `L`.

    Example:

    >>> triangle_place(tf.constant([0, 1, 2]), tf.constant([2, 1, 2]), 3).numpy()
    array([2, 3, 5], dtype=int32)
    """
    return first * (2 * length + 1 - first) // 2 + second - first


def triangle_to_square(scores: tf.Tensor, length: tf.Tensor | int) -> tf.Tensor:
    """Convert pair scores `[B, N]` to `[B, L, L]`, -inf if the second token is before the first.

    Args:
        scores: float `[B, N]`.
        length: `L`.

    Returns:
        Float `[B, L, L]`, with the dtype of the scores.

    Example:

    >>> triangle_to_square(tf.constant([[1.0, 2.0, 3.0]]), 2).numpy()
    array([[[  1.,   2.],
            [-inf,   3.]]], dtype=float32)
    """
    token = tf.range(length)
    first, second = token[:, None], token[None, :]
    place = triangle_place(tf.minimum(first, second), tf.maximum(first, second), length)
    square = tf.gather(scores, place, axis=1)
    return tf.where(first <= second, square, tf.constant(-float("inf"), scores.dtype))
