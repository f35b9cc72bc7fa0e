"""Masks of the token pairs that have a score."""

from __future__ import annotations

from gplinker_tf.backend import tf


def pairs_within(mask: tf.Tensor) -> tf.Tensor:
    """Return bool `[B, L, L]`, True if both tokens are in the mask, bool `[B, L]`."""
    return mask[:, :, None] & mask[:, None, :]


def valid_pairs(
    mask: tf.Tensor | None, length: tf.Tensor, tril_mask: bool = False
) -> tf.Tensor | None:
    """Return the mask of valid pairs, bool `[B or 1, L, L]`, or `None` if all are valid.

    Args:
        mask: bool `[B, L]`, True on tokens, or `None` if there is no padding.
        length: `L`.
        tril_mask: whether to mask pairs whose end comes before their start.

    Example:

    >>> valid_pairs(tf.constant([[True, True, False]]), 3, tril_mask=True).numpy().astype(int)
    array([[[1, 1, 0],
            [0, 1, 0],
            [0, 0, 0]]])
    """
    ordered = None
    if tril_mask:
        position = tf.range(length)
        ordered = (position[:, None] <= position)[None]
    if mask is None:
        return ordered
    pairs = pairs_within(tf.cast(mask, tf.bool))
    return pairs if ordered is None else pairs & ordered
