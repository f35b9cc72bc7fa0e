"""The loss if the labels share one query-key product: exponentials of sums become products."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses._positive_pairs import PositivePairs
from gplinker_tf.losses.exponentials import finite_maximum, log1p_sum_exp, log_sum_exp

#: A row's sum is at least exp(-spread of the end biases); below this spread it can't underflow.
SAFE_SPREAD = 60.0

MINUS_INFINITY = -float("inf")


def spread_of(end_bias: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Return the largest difference between two end biases of one label and text, a scalar.

    Args:
        end_bias: `c`, `[B, H, L]`.
        mask: bool `[B, L]`.
    """
    mask = mask[:, None]
    highest = tf.reduce_max(tf.where(mask, end_bias, MINUS_INFINITY), axis=-1)
    lowest = tf.reduce_min(tf.where(mask, end_bias, -MINUS_INFINITY), axis=-1)
    return tf.reduce_max(highest - lowest)


def split_losses(
    query: tf.Tensor,
    key: tf.Tensor,
    start_bias: tf.Tensor,
    end_bias: tf.Tensor,
    pairs: PositivePairs,
    mask: tf.Tensor,
    countable: tf.Tensor,
) -> tf.Tensor:
    """Return the loss of each label without computing the scores of all its negatives.

        sum_n exp(A[m,n] + r[h,m] + c[h,n]) = exp(r[h,m]) (exp(A) exp(c[h]))[m],   A = q k^T

    is computed for all rows at once, after subtracting maxima. The sums of rows with positives are
    then replaced by sums computed in full, in which a positive counts only with its negative share.

    Args:
        query: `[B, L, S]`, scaled.
        key: `[B, L, S]`.
        start_bias: `r`, `[B, H, L]`.
        end_bias: `c`, `[B, H, L]`, its spread below `SAFE_SPREAD`.
        pairs: the positives.
        mask: bool `[B, L]`.
        countable: bool `[B, L, L]`.

    Returns:
        `[B, H]`.
    """
    products = tf.where(countable, tf.matmul(query, key, transpose_b=True), MINUS_INFINITY)
    row_top = finite_maximum(products)
    end_bias_of_tokens = tf.where(mask[:, None], end_bias, MINUS_INFINITY)
    end_top = finite_maximum(end_bias_of_tokens)
    totals = tf.matmul(
        tf.exp(end_bias_of_tokens - end_top), tf.exp(products - row_top), transpose_b=True
    )
    nonempty = tf.reduce_any(countable, axis=-1)[:, None]
    logarithms = tf.math.log(tf.where(nonempty, totals, 1.0))
    rows = logarithms + start_bias + tf.transpose(row_top, [0, 2, 1]) + end_top
    rows = tf.where(nonempty, rows, MINUS_INFINITY)
    places, sums = _rows_with_positives(products, start_bias, end_bias, pairs)
    negatives = log1p_sum_exp(tf.tensor_scatter_nd_update(rows, places, sums))
    samples, labels = tf.unstack(tf.shape(start_bias)[:2])
    scores = _scores_of(query, key, start_bias, end_bias, pairs)
    return pairs.losses(scores, samples, labels) + negatives


def _scores_of(
    query: tf.Tensor,
    key: tf.Tensor,
    start_bias: tf.Tensor,
    end_bias: tf.Tensor,
    pairs: PositivePairs,
) -> tf.Tensor:
    """Return the scores of the pairs, `[N]`."""
    sample, label, row, column, *_ = pairs
    queries = tf.gather_nd(query, tf.stack([sample, row], axis=1))
    keys = tf.gather_nd(key, tf.stack([sample, column], axis=1))
    start_biases = tf.gather_nd(start_bias, tf.stack([sample, label, row], axis=1))
    end_biases = tf.gather_nd(end_bias, tf.stack([sample, label, column], axis=1))
    return tf.reduce_sum(queries * keys, axis=-1) + start_biases + end_biases


def _rows_with_positives(
    products: tf.Tensor, start_bias: tf.Tensor, end_bias: tf.Tensor, pairs: PositivePairs
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the (b, h, m) with a positive, `[R, 3]`, and the logsumexp of their negatives."""
    place = tf.stack([pairs.sample, pairs.label, pairs.row], axis=1)
    # The pairs are sorted, so those of one row are adjacent.
    first = tf.concat(
        [tf.ones_like(place[:1, 0], tf.bool), tf.reduce_any(place[1:] != place[:-1], axis=1)], 0
    )
    number = tf.cumsum(tf.cast(first, tf.int32)) - 1
    place = tf.boolean_mask(place, first)
    sample, label, row = tf.unstack(place, axis=1)
    scores = tf.gather_nd(products, tf.stack([sample, row], axis=1))
    scores += tf.gather_nd(start_bias, place)[:, None]
    scores += tf.gather_nd(end_bias, tf.stack([sample, label], axis=1))
    positives = tf.stack([number, pairs.column], axis=1)
    scores = tf.tensor_scatter_nd_add(scores, positives, pairs.log_rest)
    return place, log_sum_exp(scores)
