"""Multi-label cross-entropy where nearly all have no tag and the tags of the others are listed."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import expect_shapes, inside
from gplinker_tf.losses.exponentials import log1p_sum_exp

NAME = "listed_multilabel_crossentropy"
ADVICE = "Targets of every tag, [B, X, C], are for multilabel_categorical_crossentropy."


def listed_multilabel_crossentropy(listed: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """`multilabel_categorical_crossentropy` over the tags of each place, the targets listed.

        L[x] = log(1 + sum_{c in P_x} exp(-s[x,c])) + log(1 + sum_{c not in P_x} exp(s[x,c]))

    Exact, with one copy of the scores, the negatives, in place of `[B, X, C]` targets and what is
    made of them.

    Args:
        listed: integer `[B, K, 2]`, place and tag of each target; tag -1 pads. Each is listed once.
        logits: `[B, X, C]`.

    Returns:
        Float32 `[B, X]`.

    Raises:
        ValueError: a shape is wrong, or eagerly a place or tag lies outside.
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
    counts = ~pads & inside(NAME, "(place, tag)", counted, tf.unstack(tf.shape(scores)[1:]))
    rows = tf.cast(tf.where(counts), tf.int32)
    cells = tf.concat([rows[:, :1], tf.gather_nd(listed, rows)], axis=1)
    chosen = tf.gather_nd(scores, cells)
    dropped = tf.fill(tf.shape(chosen), -float("inf"))
    negative = log1p_sum_exp(tf.tensor_scatter_nd_update(scores, cells, dropped))
    texts, places = tf.unstack(tf.shape(scores)[:2])
    positive = _log1p_sums_of_exp(-chosen, cells[:, 0] * places + cells[:, 1], texts * places)
    return negative + tf.reshape(positive, [texts, places])


def _log1p_sums_of_exp(values: tf.Tensor, group: tf.Tensor, groups: tf.Tensor) -> tf.Tensor:
    """log(1 + sum_i exp(v_i)) of the values `[M]` of each group, `[groups]`; 0 of an empty one."""
    shift = tf.nn.relu(tf.math.unsorted_segment_max(values, group, groups))
    shift = tf.stop_gradient(shift)
    exponentials = tf.exp(values - tf.gather(shift, group))
    total = tf.math.unsorted_segment_sum(exponentials, group, groups)
    return shift + tf.math.log1p(total + tf.math.expm1(-shift))
