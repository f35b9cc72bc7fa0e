"""The negatives' sum where each label has a product of its own: a few labels at a time."""

from __future__ import annotations

from collections.abc import Callable

from gplinker_tf.backend import tf
from gplinker_tf.losses.exponentials import log1p_sum_exp
from gplinker_tf.losses.positive_pairs import PositivePairs
from gplinker_tf.losses.valid_pairs import countable_pairs

#: Scores that one chunk of labels may take (32 MiB of float32).
CHUNK_SCORES = 1 << 23

MINUS_INFINITY = -float("inf")


def chunked_negative_sums(
    query: tf.Tensor, key: tf.Tensor, pairs: PositivePairs, mask: tf.Tensor, tril_mask: bool
) -> tf.Tensor:
    """log(1 + sum exp(s)) over the negatives of each label, the scores of few labels at a time.

    The backward pass computes each chunk again, so memory is one chunk's, whatever `H`.

    Args:
        query: `[B, L, H, S]`, scaled.
        key: `[B, L, H, S]`.
        pairs: the positives.
        mask: bool `[B, L]`.
        tril_mask: whether pairs with the end before the start are masked.

    Returns:
        `[B, H]`.

    Source: the idea of computing logits anew instead of keeping them is that of Wijmans et al.,
    "Cut your losses in large-vocabulary language models", https://arxiv.org/abs/2411.09009.
    """
    countable = countable_pairs(mask, tril_mask)
    texts, length, labels = tf.unstack(tf.shape(query)[:3])
    size = tf.clip_by_value(CHUNK_SCORES // tf.maximum(texts * length * length, 1), 1, labels)
    starts = tf.range(0, labels, size)

    def scores_of(start: tf.Tensor, query: tf.Tensor, key: tf.Tensor) -> tf.Tensor:
        """`[h, B, L, L]` of a chunk's labels, -inf where a cell is no negative."""
        scores = tf.matmul(query[start : start + size], key[start : start + size], transpose_b=True)
        scores = tf.where(countable, scores, MINUS_INFINITY)
        ours = (pairs.label >= start) & (pairs.label < start + size)
        cells = tf.stack([pairs.label - start, pairs.sample, pairs.row, pairs.column], axis=1)
        cells = tf.boolean_mask(cells, ours)
        return tf.tensor_scatter_nd_update(
            scores, cells, tf.fill(tf.shape(cells)[:1], MINUS_INFINITY)
        )

    @tf.custom_gradient
    def sums(query: tf.Tensor, key: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        def forward(start: tf.Tensor) -> tuple[tf.Tensor]:
            scores = scores_of(start, query, key)
            return (log1p_sum_exp(tf.reshape(scores, [-1, texts, length * length])),)

        (values,) = _concatenated(forward, starts, [[None, None]])

        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            def backward(start: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
                value, weight = values[start : start + size], upstream[start : start + size]
                scores = scores_of(start, query, key)
                slopes = tf.exp(scores - value[..., None, None]) * weight[..., None, None]
                of_query = tf.matmul(slopes, key[start : start + size])
                of_key = tf.matmul(slopes, query[start : start + size], transpose_a=True)
                return of_query, of_key

            return tuple(_concatenated(backward, starts, [query.shape, key.shape]))

        return values, gradient

    query, key = (tf.transpose(part, [2, 0, 1, 3]) for part in (query, key))
    return tf.transpose(sums(query, key))


def _concatenated(
    compute: Callable[[tf.Tensor], tuple], starts: tf.Tensor, shapes: list
) -> list[tf.Tensor]:
    """The results of each chunk, one after the other along the first axis."""
    count = tf.size(starts)
    arrays = [
        tf.TensorArray(tf.float32, count, infer_shape=False, element_shape=[None, *shape[1:]])
        for shape in shapes
    ]

    def body(number: tf.Tensor, *arrays: tf.TensorArray) -> tuple:
        results = compute(starts[number])
        return number + 1, *(a.write(number, r) for a, r in zip(arrays, results, strict=True))

    _, *arrays = tf.while_loop(
        lambda number, *_: number < count, body, [0, *arrays], parallel_iterations=1
    )
    return [array.concat() for array in arrays]
