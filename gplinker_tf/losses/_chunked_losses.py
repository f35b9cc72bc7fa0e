"""The loss if each label has its own query-key product: a few texts and labels at a time."""

from __future__ import annotations

from collections.abc import Callable

from gplinker_tf._chunked import chunked_map
from gplinker_tf.backend import tf, traced_once
from gplinker_tf.losses._positive_pairs import PositivePairs
from gplinker_tf.losses.exponentials import finite_maximum

#: Maximum number of scores per chunk: on a CPU 4 MiB of float32, which fit its cache, and on a GPU
#: 128 MiB, enough to keep it busy.
CHUNK_SCORES = {"CPU": 1 << 20, "GPU": 1 << 25}

MINUS_INFINITY = -float("inf")

#: The losses, and their gradients with respect to query and key.
FLOATS = (tf.TensorSpec(None, tf.float32),) * 3


def scores_at_once() -> int:
    """Return the maximum number of scores per chunk on this machine."""
    return CHUNK_SCORES["GPU" if tf.config.list_logical_devices("GPU") else "CPU"]


@traced_once(
    tf.TensorSpec([None] * 4),
    tf.TensorSpec([None] * 4),
    tf.TensorSpec([]),
    PositivePairs.signature(),
    tf.TensorSpec([None, None], tf.bool),
    tf.TensorSpec([None] * 3, tf.bool),
    tf.TensorSpec([], tf.int32),
)
def chunked_losses(
    query: tf.Tensor,
    key: tf.Tensor,
    scale: tf.Tensor | float,
    pairs: PositivePairs,
    mask: tf.Tensor,
    countable: tf.Tensor,
    chunk: tf.Tensor | int,
) -> tf.Tensor:
    """Return the loss of each label, from the scores of a few texts and labels at a time.

    Only the scores of one chunk are in memory, whatever `B` and `H`. A label's loss is one number,
    so its gradient with respect to query and key is computed from the same scores, and the backward
    pass only multiplies.

    Args:
        query: `[B, L, H, S]`.
        key: `[B, L, H, S]`.
        scale: the factor on their products.
        pairs: the positives.
        mask: bool `[B, L]`.
        countable: bool `[B, L, L]`.
        chunk: the maximum number of scores per chunk (`scores_at_once`).

    Returns:
        `[B, H]`.

    Source: computing the gradient chunk by chunk in the forward pass is the idea of Hsu et al.,
    "Liger Kernel", https://arxiv.org/abs/2410.10989.
    """
    texts, length, labels = tf.unstack(tf.shape(query)[:3])
    lengths = tf.reduce_max(tf.where(mask, tf.range(1, length + 1), 1), axis=1)
    budget = chunk // (length * length)
    texts_at_once = tf.clip_by_value(budget // labels, 1, texts)
    labels_at_once = tf.clip_by_value(budget, 1, labels)

    def of_texts(first: tf.Tensor, query: tf.Tensor, key: tf.Tensor) -> tuple:
        """Return losses `[b, H]` and gradients `[b, L, H, S]` of the texts from `first` on."""
        chosen = slice(first, first + texts_at_once)
        ours = pairs.between("sample", first, texts_at_once)
        longest = tf.reduce_max(lengths[chosen])
        counted = countable[chosen, :longest, :longest]
        query, key = (tf.transpose(part[chosen, :longest], [2, 0, 1, 3]) for part in (query, key))

        def of_labels(first: tf.Tensor) -> tuple:
            chosen = slice(first, first + labels_at_once)
            positives = ours.between("label", first, labels_at_once)
            return _losses_and_gradients(query[chosen], key[chosen], scale, positives, counted)

        (losses, *gradients), _ = chunked_map(of_labels, labels, labels_at_once, FLOATS)
        padding = [[0, 0], [0, length - longest], [0, 0], [0, 0]]
        return tf.transpose(losses), *(
            tf.pad(tf.transpose(gradient, [1, 2, 0, 3]), padding) for gradient in gradients
        )

    @tf.custom_gradient
    def losses(query: tf.Tensor, key: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        (values, *gradients), _ = chunked_map(
            lambda first: of_texts(first, query, key), texts, texts_at_once, FLOATS
        )

        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            upstream = upstream[:, None, :, None]
            by_query, by_key = gradients
            return upstream * scale * by_query, upstream * by_key

        return values, gradient

    return losses(query, key)


def _losses_and_gradients(
    query: tf.Tensor,
    key: tf.Tensor,
    scale: tf.Tensor,
    positives: PositivePairs,
    countable: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return losses `[h, b]` of one chunk and their gradients by the scaled query and the key.

    Args:
        query: `[h, b, L, S]`.
        key: `[h, b, L, S]`.
        scale: the factor on their products.
        positives: the positives of the chunk.
        countable: bool `[b, L, L]`.
    """
    query *= scale
    scores = tf.matmul(query, key, transpose_b=True)
    cells = tf.stack([positives.label, positives.sample, positives.row, positives.column], 1)
    chosen = tf.gather_nd(scores, cells)
    labels, samples = tf.unstack(tf.shape(scores)[:2])
    of_positives = tf.transpose(positives.losses(chosen, samples, labels))

    scores = tf.where(countable, scores, MINUS_INFINITY)
    scores = tf.tensor_scatter_nd_add(scores, cells, positives.log_rest)
    top = finite_maximum(scores, axis=[2, 3])
    exponentials = tf.exp(scores - top)
    total = tf.reduce_sum(exponentials, axis=[2, 3], keepdims=True)
    of_negatives = tf.math.softplus(tf.math.log(total) + top)

    slopes = tf.tensor_scatter_nd_add(
        exponentials * tf.exp(top - of_negatives),
        cells,
        -tf.exp(positives.log_share - chosen - tf.gather_nd(of_positives, cells[:, :2])),
    )
    losses = of_positives + tf.squeeze(of_negatives, axis=[2, 3])
    return losses, tf.matmul(slopes, key), tf.matmul(slopes, query, transpose_a=True)
