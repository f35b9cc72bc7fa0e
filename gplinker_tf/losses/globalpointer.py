"""The loss of one pointer layer."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import cells_and_scores
from gplinker_tf.losses.sparse import losses_of_classes

NAME = "globalpointer_crossentropy"


def globalpointer_crossentropy(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Compute sparse multi-label cross-entropy over token pairs, summed over the labels.

    Args:
        y_true: integer `[B, H, K, 2]`, the positive (start, end) pairs of each label; (0, 0) pads,
            and the cell (0, 0) is left out of the loss. Repeated pairs count once; pairs on masked
            cells are dropped. If `L` is 2, targets for every pair have the same shape and are
            rejected only if they are bool.
        y_pred: logits `[B, H, L, L]`, -inf on masked cells.

    Returns:
        One value per sample, `[B]`, in the dtype of `y_pred`; computed in float32.

    Raises:
        ValueError: a shape is wrong, or in eager mode a pair lies outside the `L` tokens.
        tf.errors.InvalidArgumentError: in a graph, a pair lies outside. Code compiled by XLA, such
            as Keras 3's `fit` without `jit_compile=False`, drops the pair instead.

    Example:

    >>> logits = tf.fill([1, 2, 4, 4], -20.0)
    >>> pairs = tf.constant([[[[1, 2]], [[0, 0]]]])     # one pair of label 0, none of label 1
    >>> globalpointer_crossentropy(pairs, logits).numpy().round(4)
    array([20.], dtype=float32)

    Source: `globalpointer_crossentropy` of the original script, https://kexue.fm/archives/8888,
    before the mean over the batch.
    """
    y_pred = tf.convert_to_tensor(y_pred)
    loss = losses_of_classes(*cells_and_scores(NAME, y_true, y_pred), mask_zero=True)
    return tf.cast(tf.reduce_sum(loss, axis=1), y_pred.dtype)
