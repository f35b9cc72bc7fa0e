"""Multi-label cross-entropy if nearly all positions have no tag and the tags are listed."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import expect_shapes, inside
from gplinker_tf.losses.exponentials import log1p_sum_exp

NAME = "listed_multilabel_crossentropy"
ADVICE = "For targets of every tag, [B, X, C], use multilabel_categorical_crossentropy."


def listed_multilabel_crossentropy(listed: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Compute `multilabel_categorical_crossentropy` over the tags of each position, from a list.

        L[x] = log(1 + sum_{c in P_x} exp(-s[x,c])) + log(1 + sum_{c not in P_x} exp(s[x,c]))

    Exact. It needs one copy of the scores, for the negatives, but no `[B, X, C]` targets or tensors
    derived from them.

    Args:
        listed: integer `[B, K, 2]`, position and tag of each target, without repeats; tag -1 pads.
        logits: `[B, X, C]`.

    Returns:
        Float32 `[B, X]`.

    Raises:
        ValueError: a shape is wrong, or in eager mode a position or tag is out of range.
        tf.errors.InvalidArgumentError: the same in a graph.

    Example:

    >>> logits = tf.constant([[[4.0, -3.0, 2.0], [-9.0, -9.0, -9.0]]])
    >>> listed = tf.constant([[[0, 0], [0, 2], [0, -1]]])
    >>> listed_multilabel_crossentropy(listed, logits).numpy().round(4)
    array([[0.1915, 0.0004]], dtype=float32)

    Source: Su Jianlin, https://kexue.fm/archives/7359.
    """
    arguments = {"listed": (listed, "B K 2"), "logits": (logits, "B X C")}
    expect_shapes(NAME, arguments, ADVICE, positions="listed")
    scores = tf.cast(logits, tf.float32)
    listed = tf.cast(listed, tf.int32)
    pads = listed[..., 1] == -1
    counted = tf.where(pads[..., None], 0, listed)
    counts = ~pads & inside(NAME, "(position, tag)", counted, tf.unstack(tf.shape(scores)[1:]))
    rows = tf.cast(tf.where(counts), tf.int32)
    cells = tf.concat([rows[:, :1], tf.gather_nd(listed, rows)], axis=1)
    chosen = tf.gather_nd(scores, cells)
    dropped = tf.fill(tf.shape(chosen), -float("inf"))
    negative = log1p_sum_exp(tf.tensor_scatter_nd_update(scores, cells, dropped))
    texts, places = tf.unstack(tf.shape(scores)[:2])
    positive = _log1p_sums_of_exp(-chosen, cells[:, 0] * places + cells[:, 1], texts * places)
    return negative + tf.reshape(positive, [texts, places])


def _log1p_sums_of_exp(values: tf.Tensor, group: tf.Tensor, groups: tf.Tensor) -> tf.Tensor:
    """Return log(1 + sum_i exp(v_i)) for each group of values `[M]`; 0 for an empty group."""
    shift = tf.nn.relu(tf.math.unsorted_segment_max(values, group, groups))
    shift = tf.stop_gradient(shift)
    exponentials = tf.exp(values - tf.gather(shift, group))
    total = tf.math.unsorted_segment_sum(exponentials, group, groups)
    return shift + tf.math.log1p(total + tf.math.expm1(-shift))
