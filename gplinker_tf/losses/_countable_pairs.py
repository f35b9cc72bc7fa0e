"""The cells of a score matrix that count as negatives unless they are positive."""

from __future__ import annotations

from gplinker_tf._token_pairs import valid_pairs
from gplinker_tf.backend import tf


def countable_pairs(mask: tf.Tensor, tril_mask: bool) -> tf.Tensor:
    """Return bool `[B, L, L]`: both ends are tokens, in order if `tril_mask`, and not cell (0, 0).

    Args:
        mask: bool `[B, L]`.
        tril_mask: whether pairs with the end before the start are masked.

    Example:

    >>> countable_pairs(tf.ones([1, 2], tf.bool), tril_mask=True).numpy().tolist()
    [[[False, True], [False, True]]]
    """
    length = tf.shape(mask)[1]
    position = tf.range(length)
    no_class_0 = (position[:, None] > 0) | (position > 0)
    return valid_pairs(mask, length, tril_mask) & no_class_0
