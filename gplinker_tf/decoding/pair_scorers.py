"""Scores at chosen token pairs, from factors, from full logits, or from a triangle's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gplinker_tf.backend import tf
from gplinker_tf.layers import PointerFactors, triangle_place
from gplinker_tf.reprs import shapes_repr


class TriangleScores(NamedTuple):
    """Scores of pairs in either order, whose logits stand at the pair with the earlier token first.

    Args:
        logits: `[B, N, C]`, in the order of `triangle_pairs`.
        length: `L`.
        both_ways: from rows of them, float32 `[C', C]`, the scores `[C', 2, H]` of the pair as it
            stands there and of the pair turned round.
    """

    logits: tf.Tensor
    length: tf.Tensor
    both_ways: Callable[[tf.Tensor], tf.Tensor]

    def __repr__(self) -> str:
        return shapes_repr(self)


def pair_scores(
    scores: PointerFactors | TriangleScores | tf.Tensor,
    batch: tf.Tensor,
    rows: tf.Tensor,
    columns: tf.Tensor,
) -> tf.Tensor:
    """The scores of all `H` labels at `C` token pairs.

        s[c, h] = q[b_c, m_c] . k[b_c, n_c] / sqrt(S) + r[b_c, h, m_c] + c[b_c, h, n_c]

    No mask is applied to factors: name valid pairs only.

    Args:
        scores: `PointerFactors` or `TriangleScores` of a batch, or its logits `[B, H, L, L]`.
        batch: int32 `[C]`, the text of each pair.
        rows: int32 `[C]`, its first token, `m`.
        columns: int32 `[C]`, its second token, `n`.

    Returns:
        Float32 `[C, H]`.

    Example:

    >>> logits = tf.reshape(tf.range(18.0), [1, 2, 3, 3])
    >>> pair_scores(logits, tf.constant([0]), tf.constant([1]), tf.constant([2])).numpy()
    array([[ 5., 14.]], dtype=float32)

    Source: the scores' low-rank form follows from GlobalPointer, https://kexue.fm/archives/8373,
    and Efficient GlobalPointer, https://kexue.fm/archives/8877.
    """
    if isinstance(scores, PointerFactors):
        return _from_factors(scores, batch, rows, columns)
    if isinstance(scores, TriangleScores):
        return _from_triangle(scores, batch, rows, columns)
    shape = tf.shape(scores, tf.int64)
    cell = tf.cast(batch, tf.int64) * shape[1], tf.cast(rows, tf.int64), tf.cast(columns, tf.int64)
    label = cell[0][:, None] + tf.range(shape[1])
    flat = (label * shape[2] + cell[1][:, None]) * shape[3] + cell[2][:, None]
    return tf.cast(tf.gather(tf.reshape(scores, [-1]), flat), tf.float32)


def _from_factors(
    factors: PointerFactors, batch: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor
) -> tf.Tensor:
    row_cells = tf.stack([batch, rows], axis=1)
    column_cells = tf.stack([batch, columns], axis=1)
    query = tf.cast(tf.gather_nd(factors.query, row_cells), tf.float32)
    key = tf.cast(tf.gather_nd(factors.key, column_cells), tf.float32)
    products = tf.reduce_sum(query * key, axis=-1) / query.shape[-1] ** 0.5
    if factors.start_bias is None:
        return products
    start_bias = tf.gather_nd(tf.transpose(factors.start_bias, [0, 2, 1]), row_cells)
    end_bias = tf.gather_nd(tf.transpose(factors.end_bias, [0, 2, 1]), column_cells)
    return products[:, None] + tf.cast(start_bias, tf.float32) + tf.cast(end_bias, tf.float32)


def _from_triangle(
    scores: TriangleScores, batch: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor
) -> tf.Tensor:
    first, second = tf.minimum(rows, columns), tf.maximum(rows, columns)
    cells = tf.stack([batch, triangle_place(first, second, scores.length)], axis=1)
    logits = tf.cast(tf.gather_nd(scores.logits, cells), tf.float32)
    as_it_stands, turned = tf.unstack(scores.both_ways(logits), axis=1)
    return tf.where((rows > columns)[:, None], turned, as_it_stands)
