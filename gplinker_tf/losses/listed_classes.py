"""Softmax cross-entropy if nearly all positions have class 0 and the others are listed."""

from __future__ import annotations

from collections.abc import Callable

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import expect_shapes, inside
from gplinker_tf.losses.exponentials import finite_maximum

NAME = "listed_softmax_crossentropy"
ADVICE = "For one class per position, use Keras's sparse_categorical_crossentropy."


def listed_softmax_crossentropy(listed: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Compute softmax cross-entropy for many positions and labels; unlisted ones have class 0.

        L[x,h] = log(sum_c exp(z[x,c,h])) - z[x,y,h],  y the class of x for the label h

    No target tensor is built, and the gradient is computed in one step.

    Args:
        listed: integer `[B, K, 3]`, the position, label and class of all with a class other than
            0; class 0 pads. A position is listed at most once per label.
        logits: `[B, X, C, H]`. The labels come last because there are many, but few classes.

    Returns:
        Float32 `[B, X, H]`.

    Raises:
        ValueError: a shape is wrong, or in eager mode a position, label or class is out of range.
        tf.errors.InvalidArgumentError: the same in a graph.

    Example:

    >>> logits = tf.constant([[[[2.0], [0.0], [0.0]], [[0.0], [0.0], [3.0]]]])
    >>> listed = tf.constant([[[1, 0, 2], [0, 0, 0]]])
    >>> listed_softmax_crossentropy(listed, logits)[0, :, 0].numpy().round(4)
    array([0.2395, 0.0949], dtype=float32)

    Source: the loss of TPLinker's taggers, https://arxiv.org/abs/2010.13415.
    """
    arguments = {"listed": (listed, "B K 3"), "logits": (logits, "B X C H")}
    expect_shapes(NAME, arguments, ADVICE, positions="listed")
    listed = tf.cast(listed, tf.int32)
    _, places, classes, labels = tf.unstack(tf.shape(logits))
    pads = listed[..., 2] == 0
    counted = tf.where(pads[..., None], 0, listed)
    counts = ~pads & inside(NAME, "(position, label, class)", counted, [places, labels, classes])
    rows = tf.cast(tf.where(counts), tf.int32)
    place, label, class_ = tf.unstack(tf.gather_nd(listed, rows), axis=1)
    places = tf.stack([rows[:, 0], place, label], axis=1)
    targets = tf.stack([rows[:, 0], place, class_, label], axis=1)

    @tf.custom_gradient
    def loss_of(scores: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
        shift = finite_maximum(scores, axis=2)
        total = tf.reduce_sum(tf.exp(scores - shift), axis=2)
        total = tf.math.log(total) + tf.squeeze(shift, axis=2)
        of_targets = tf.gather_nd(total, places) - tf.gather_nd(scores, targets)
        loss = tf.tensor_scatter_nd_update(total - scores[:, :, 0], places, of_targets)

        def gradient(upstream: tf.Tensor) -> tf.Tensor:
            of_targets = tf.gather_nd(upstream, places)
            others = tf.tensor_scatter_nd_update(upstream, places, tf.zeros_like(of_targets))
            slopes = tf.exp(scores - total[:, :, None]) * upstream[:, :, None]
            first, rest = tf.split(slopes, [1, scores.shape[2] - 1], axis=2)
            slopes = tf.concat([first - others[:, :, None], rest], axis=2)
            return tf.tensor_scatter_nd_sub(slopes, targets, of_targets)

        return loss, gradient

    return loss_of(tf.cast(logits, tf.float32))
