"""Which pairs of tokens have a score."""

from __future__ import annotations

from gplinker_tf.backend import tf


def pairs_within(mask: tf.Tensor) -> tf.Tensor:
    """Bool `[B, L, L]`: pairs of which both tokens are in a mask, bool `[B, L]`."""
    return mask[:, :, None] & mask[:, None, :]


def valid_pairs(
    mask: tf.Tensor | None, length: tf.Tensor, tril_mask: bool = False
) -> tf.Tensor | None:
    """Bool `[B or 1, L, L]`: pairs of two tokens, in order with `tril_mask`; `None`: all.

    Args:
        mask: bool `[B, L]`, True on tokens, or `None`: there is no padding.
        length: `L`.
        tril_mask: whether pairs with the end before the start are masked.

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
