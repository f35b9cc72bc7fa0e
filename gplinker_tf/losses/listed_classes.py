"""Softmax cross-entropy where nearly all have class 0 and the others are listed."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.exponentials import log_sum_exp


def listed_softmax_crossentropy(listed: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Softmax cross-entropy of many places, the class of each 0 unless it is listed.

        L[x] = log(sum_c exp(z[x,c])) - z[x,y],  y the class of x

    No `[B, X]` tensor of classes is moved or made.

    Args:
        listed: integer `[B, K, 2]`, place and class of those that have another class than 0;
            class 0 pads. A place is listed once.
        logits: `[B, X, C]`.

    Returns:
        Float32 `[B, X]`.

    Example:

    >>> logits = tf.constant([[[2.0, 0.0, 0.0], [0.0, 0.0, 3.0]]])
    >>> listed_softmax_crossentropy(tf.constant([[[1, 2], [0, 0]]]), logits).numpy().round(4)
    array([[0.2395, 0.0949]], dtype=float32)

    Source: the loss of TPLinker's taggers, https://arxiv.org/abs/2010.13415.
    """
    scores = tf.cast(logits, tf.float32)
    listed = tf.cast(listed, tf.int32)
    rows = tf.cast(tf.where(listed[..., 1] > 0), tf.int32)
    place, class_ = tf.unstack(tf.gather_nd(listed, rows), axis=1)
    cells = tf.stack([rows[:, 0], place], axis=1)
    total = log_sum_exp(scores)
    chosen = tf.gather_nd(scores, tf.concat([cells, class_[:, None]], axis=1))
    return tf.tensor_scatter_nd_update(
        total - scores[..., 0], cells, tf.gather_nd(total, cells) - chosen
    )
