"""Multi-label cross-entropy with one target per class."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import expect_shapes
from gplinker_tf.losses.exponentials import log1p_sum_exp

#: Advice if the targets are listed.
ADVICE = (
    "For target classes by index, [..., K], use sparse_multilabel_categorical_crossentropy; "
    "for (start, end) pairs, [B, H, K, 2], globalpointer_crossentropy."
)


def multilabel_categorical_crossentropy(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Compute softmax cross-entropy generalized to any number of target classes, with threshold 0.

        L = log(1 + sum_i t_i exp(-s_i)) + log(1 + sum_i (1 - t_i) exp(s_i))

    Args:
        y_true: targets `[..., C]` between 0 and 1, of any dtype.
        y_pred: logits `[..., C]`. A class with logit -inf is dropped from both sums, with zero
            gradient, regardless of its target.

    Returns:
        `[...]`, in the dtype of `y_pred`; computed in float32.

    Raises:
        ValueError: the two shapes differ.

    Example:

    >>> logits = tf.constant([[4.0, -3.0, 2.0]])
    >>> multilabel_categorical_crossentropy(tf.constant([[1, 0, 1]]), logits).numpy().round(4)
    array([0.1915], dtype=float32)

    Source: Su Jianlin, https://kexue.fm/archives/7359; soft targets https://kexue.fm/archives/9064.
    """
    arguments = {"y_true": (y_true, "... C"), "y_pred": (y_pred, "... C")}
    expect_shapes("multilabel_categorical_crossentropy", arguments, ADVICE)
    y_pred = tf.convert_to_tensor(y_pred)
    target = tf.stop_gradient(tf.cast(y_true, tf.float32))
    scores = tf.cast(y_pred, tf.float32)
    dropped = tf.equal(scores, -float("inf"))
    inverted = tf.where(dropped, -float("inf"), -tf.where(dropped, 0.0, scores))
    positive = log1p_sum_exp(inverted + tf.math.log(target))
    negative = log1p_sum_exp(scores + tf.math.log1p(-target))
    return tf.cast(positive + negative, y_pred.dtype)
