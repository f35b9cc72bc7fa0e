"""Multi-label cross-entropy with target classes given by index."""

from __future__ import annotations

from collections.abc import Callable

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import expect_class_numbers, inside
from gplinker_tf.losses.exponentials import log1p_sum_exp

NAME = "sparse_multilabel_categorical_crossentropy"

#: Marks a target that is not a class.
OUTSIDE = -1


def sparse_multilabel_categorical_crossentropy(
    y_true: tf.Tensor, y_pred: tf.Tensor, mask_zero: bool = False
) -> tf.Tensor:
    """Compute `multilabel_categorical_crossentropy` for target classes given by index.

        L = log(1 + sum_{i in P} exp(-s_i)) + log(1 + sum_{i not in P} exp(s_i))

    Exact: targets are left out of the second sum. The published form subtracts them from the sum
    over all classes, which is too inaccurate in float32 once targets score above 10.

    Args:
        y_true: integer `[..., K]`, the target classes; repeated ones count once. A target whose
            logit is -inf is dropped, with zero gradient.
        y_pred: logits `[..., C]`.
        mask_zero: whether index 0 is padding in `y_true` instead of a class.

    Returns:
        `[...]`, in the dtype of `y_pred`; computed in float32.

    Raises:
        ValueError: a shape is wrong, or in eager mode a target is not a class. With more than two
            classes, as many targets as classes are rejected, as they are probably multi-hot.
        tf.errors.InvalidArgumentError: in a graph, a target is not a class. Code compiled by XLA
            drops the target instead.

    Example:

    >>> logits = tf.constant([[9.0, 4.0, -3.0, 2.0]])
    >>> targets = tf.constant([[3, 1, 0]])
    >>> sparse_multilabel_categorical_crossentropy(targets, logits, mask_zero=True).numpy().round(4)
    array([0.1915], dtype=float32)

    Source: Su Jianlin, https://kexue.fm/archives/7359; the published sparse form is bert4keras
    0.11.5's `sparse_multilabel_categorical_crossentropy`.
    """
    expect_class_numbers(NAME, y_true, y_pred)
    y_pred = tf.convert_to_tensor(y_pred)
    targets = tf.cast(y_true, tf.int32)
    right = inside(NAME, "class", targets[..., None], [tf.shape(y_pred)[-1]])
    targets = tf.where(right, targets, 0 if mask_zero else OUTSIDE)
    return losses_of_classes(targets, y_pred, mask_zero)


def losses_of_classes(targets: tf.Tensor, y_pred: tf.Tensor, mask_zero: bool) -> tf.Tensor:
    """Return the loss of int32 targets: classes, or also `OUTSIDE` without `mask_zero`."""
    targets = tf.sort(targets, axis=-1)
    counted = tf.concat(
        [tf.ones_like(targets[..., :1], tf.bool), targets[..., 1:] != targets[..., :-1]], axis=-1
    )
    excluded = targets
    if mask_zero:
        counted &= targets != 0
        excluded = tf.concat([tf.zeros_like(targets[..., :1]), targets], axis=-1)
    loss = _listed_loss(
        tf.cast(_as_rows(y_pred), tf.float32),
        _as_rows(targets),
        _as_rows(counted),
        _as_rows(excluded),
    )
    return tf.cast(tf.reshape(loss, tf.shape(y_pred)[:-1]), y_pred.dtype)


def _as_rows(values: tf.Tensor) -> tf.Tensor:
    return tf.reshape(values, [-1, tf.shape(values)[-1]])


def _listed_loss(
    scores: tf.Tensor, targets: tf.Tensor, counted: tf.Tensor, excluded: tf.Tensor
) -> tf.Tensor:
    """Return the loss `[N]` of scores `[N, C]`.

    The first sum is over the targets `[N, K]` that are `counted`; the second leaves out the classes
    `excluded` `[N, E]`. `OUTSIDE` is ignored in both.
    """

    @tf.custom_gradient
    def loss_of(scores: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
        # One copy of the scores, the negatives, is all that the backward pass needs to keep.
        target_scores = tf.gather(scores, tf.maximum(targets, 0), batch_dims=1)
        used = counted & (targets != OUTSIDE) & (target_scores > -float("inf"))
        inverted = tf.where(used, -target_scores, -float("inf"))
        removed = tf.where(excluded != OUTSIDE, -float("inf"), float("inf"))
        negatives = tf.tensor_scatter_nd_min(scores, _cells(excluded), removed)
        positive, negative = log1p_sum_exp(inverted), log1p_sum_exp(negatives)

        def gradient(upstream: tf.Tensor) -> tf.Tensor:
            upstream = upstream[:, None]
            of_targets = -tf.exp(inverted - positive[:, None]) * upstream
            of_negatives = tf.exp(negatives - negative[:, None]) * upstream
            return tf.tensor_scatter_nd_add(of_negatives, _cells(targets), of_targets)

        return positive + negative, gradient

    return loss_of(scores)


def _cells(classes: tf.Tensor) -> tf.Tensor:
    """Return `[N, K, 2]`: the row index and the class of each, with class 0 for `OUTSIDE`."""
    rows = tf.broadcast_to(tf.range(tf.shape(classes)[0])[:, None], tf.shape(classes))
    return tf.stack([rows, tf.maximum(classes, 0)], axis=-1)
