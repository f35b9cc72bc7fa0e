"""bert4keras's multi-label loss."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import expect_shapes
from gplinker_tf.losses.dense import ADVICE


def multilabel_categorical_crossentropy(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Return bert4keras's multi-label loss, computed the way bert4keras does.

        log(1 + sum exp(s + log(1 - y))) + log(1 + sum exp(-s + log y))

    Classes whose score is -inf are ignored. `gplinker_tf.losses` has the same loss, exact and
    faster; it differs if masked classes have labels.

    Args:
        y_true: `[..., C]`, from 0 to 1.
        y_pred: `[..., C]`.

    Returns:
        `[...]`.

    Source: https://kexue.fm/archives/7359 and https://kexue.fm/archives/9064.
    """
    arguments = {"y_true": (y_true, "... C"), "y_pred": (y_pred, "... C")}
    expect_shapes("multilabel_categorical_crossentropy", arguments, ADVICE)
    counted = y_pred > -float("inf")
    zero = tf.zeros_like(y_pred[..., :1])

    def log_sum(scores: tf.Tensor, share: tf.Tensor) -> tf.Tensor:
        scores = tf.where(counted, scores, -float("inf")) + tf.math.log(share)
        return tf.reduce_logsumexp(tf.concat([scores, zero], axis=-1), axis=-1)

    return log_sum(y_pred, 1 - y_true) + log_sum(-y_pred, y_true)
