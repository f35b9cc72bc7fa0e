"""The loss of one pointer layer with targets for every pair."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import cells_and_scores
from gplinker_tf.losses.dense import multilabel_categorical_crossentropy

NAME = "multihot_globalpointer_crossentropy"


def multihot_globalpointer_crossentropy(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Compute multi-label cross-entropy with multi-hot token-pair targets, summed over the labels.

    GlobalPointer was trained with it before the sparse loss existed. `globalpointer_crossentropy`
    is the same, except for the cell (0, 0), which counts as a negative here.

    Args:
        y_true: integer `[B, H, K, 2]`, the positive (start, end) pairs of each label; (0, 0) pads.
            The targets `[B, H, L, L]` are built from them.
        y_pred: logits `[B, H, L, L]`, -inf on masked cells.

    Returns:
        One value per sample, `[B]`, in the dtype of `y_pred`; computed in float32.

    Raises:
        ValueError, tf.errors.InvalidArgumentError: as in `globalpointer_crossentropy`.

    Example:

    >>> logits = tf.fill([1, 2, 4, 4], -20.0)
    >>> pairs = tf.constant([[[[1, 2]], [[0, 0]]]])     # one pair of label 0, none of label 1
    >>> multihot_globalpointer_crossentropy(pairs, logits).numpy().round(4)
    array([20.], dtype=float32)

    Source: Su Jianlin, https://kexue.fm/archives/7359; `global_pointer_crossentropy` of
    https://kexue.fm/archives/8373.
    """
    y_pred = tf.convert_to_tensor(y_pred)
    cells, scores = cells_and_scores(NAME, y_true, y_pred)
    samples, labels, listed = tf.unstack(tf.shape(cells))
    row = tf.repeat(tf.range(samples * labels), listed)
    cells = tf.reshape(cells, [-1])
    # A repeated pair is one target, and padding is none, so take the maximum, not the sum.
    targets = tf.tensor_scatter_nd_max(
        tf.zeros([samples * labels, tf.shape(scores)[2]]),
        tf.stack([row, cells], axis=1),
        tf.cast(cells > 0, tf.float32),
    )
    losses = multilabel_categorical_crossentropy(tf.reshape(targets, tf.shape(scores)), scores)
    return tf.cast(tf.reduce_sum(losses, axis=1), y_pred.dtype)
