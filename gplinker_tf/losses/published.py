"""The sparse loss in its published arithmetic."""

from __future__ import annotations

from gplinker_tf.backend import keras, tf
from gplinker_tf.losses.arguments import cells_and_scores, expect_class_numbers

NAME = "published_globalpointer_crossentropy"

#: Replaces -inf on masked cells, which would become NaN in the published arithmetic.
MASKED = -1e12


def sparse_multilabel_categorical_crossentropy(
    y_true: tf.Tensor, y_pred: tf.Tensor, mask_zero: bool = False
) -> tf.Tensor:
    """Compute bert4keras's sparse multi-label loss in its own arithmetic, to reproduce old curves.

    The sum over negatives is the sum over all classes minus that over positives, with the
    difference clipped at 1e-7. Once positive scores reach about 10, it loses the negatives. Train
    new models with `gplinker_tf.losses.sparse_multilabel_categorical_crossentropy`, which takes the
    same arguments and is exact.

    Args:
        y_true: `[..., K]`, indices of the positive classes, of any dtype.
        y_pred: `[..., C]`.
        mask_zero: whether class 0 is padding instead of a class.

    Returns:
        `[...]`.

    Source: https://kexue.fm/archives/7359.
    """
    expect_class_numbers("sparse_multilabel_categorical_crossentropy", y_true, y_pred)
    targets = tf.cast(y_true, tf.int32)
    zero = tf.zeros_like(y_pred[..., :1])
    infinity = zero + float("inf")

    def with_first(first: tf.Tensor) -> tf.Tensor:
        return tf.concat([first, y_pred[..., 1:], zero], axis=-1)

    def of_targets(scores: tf.Tensor) -> tf.Tensor:
        return tf.gather(scores, targets, batch_dims=len(targets.shape) - 1)

    as_positives = with_first(infinity if mask_zero else y_pred[..., :1])
    as_negatives = with_first(-infinity if mask_zero else y_pred[..., :1])
    positives = tf.concat([of_targets(as_positives), zero], axis=-1)
    everything = tf.reduce_logsumexp(as_negatives, axis=-1)
    taken_out = tf.reduce_logsumexp(of_targets(as_negatives), axis=-1)
    share = tf.clip_by_value(1 - tf.exp(taken_out - everything), keras.backend.epsilon(), 1)
    return tf.reduce_logsumexp(-positives, axis=-1) + everything + tf.math.log(share)


def published_globalpointer_crossentropy(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Compute `globalpointer_crossentropy` in the published arithmetic of the original script.

    Args:
        y_true: integer `[B, H, K, 2]`, the positive pairs of each label; (0, 0) pads.
        y_pred: logits `[B, H, L, L]`, -inf on masked cells.

    Returns:
        One value per sample, `[B]`, in the dtype of `y_pred`; computed in float32.

    Raises:
        ValueError, tf.errors.InvalidArgumentError: as in `globalpointer_crossentropy`.

    Example:

    >>> logits = tf.fill([1, 1, 4, 4], -20.0)
    >>> published_globalpointer_crossentropy(tf.constant([[[[1, 2]]]]), logits).numpy().round(4)
    array([20.], dtype=float32)

    Source: `globalpointer_crossentropy` of the original script, https://kexue.fm/archives/8888.
    """
    y_pred = tf.convert_to_tensor(y_pred)
    cells, scores = cells_and_scores(NAME, y_true, y_pred)
    scores = tf.maximum(scores, MASKED)
    loss = sparse_multilabel_categorical_crossentropy(cells, scores, mask_zero=True)
    return tf.cast(tf.reduce_sum(loss, axis=1), y_pred.dtype)
