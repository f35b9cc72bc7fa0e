"""Which texts go together, and how their tokens and labels become arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.structures import Encoding

#: What lengths of batches are multiples of.
MULTIPLE = 2

#: The same where XLA compiles each length anew: more padding, fewer lengths.
COMPILED_MULTIPLE = 16

#: Batches whose texts are sorted by length together.
POOL = 100


def length_multiple(jit: bool) -> int:
    """What lengths of batches are multiples of, with XLA or without.

    Args:
        jit: whether XLA compiles the model, once for each length.

    Example:

    >>> length_multiple(jit=False), length_multiple(jit=True)
    (2, 16)
    """
    return COMPILED_MULTIPLE if jit else MULTIPLE


def bucket_length(length: int, multiple: int = MULTIPLE) -> int:
    """The length that a batch is padded to.

    Args:
        length: tokens of its longest text.
        multiple: what the batch's length is a multiple of.

    Example:

    >>> bucket_length(17), bucket_length(17, multiple=16)
    (18, 32)
    """
    return -(-length // multiple) * multiple


def length_grouped_batches(
    lengths: Sequence[int], batch_size: int, seed: int, epoch: int
) -> list[np.ndarray]:
    """Batches of texts of similar length, in an order that looks random.

    The texts are shuffled; within pools of 100 batches they are sorted by length and cut into
    batches; then the batches are shuffled.

    Args:
        lengths: tokens of each text.
        batch_size: texts of a batch; the last of an epoch may have fewer.
        seed: with `epoch` it decides the order, whatever the machine.
        epoch: number of the epoch.

    Returns:
        The places of the texts of each batch; each text is in one.

    Example:

    >>> batches = length_grouped_batches([5, 90, 6, 80], 2, seed=1, epoch=0)
    >>> sorted(sorted(batch.tolist()) for batch in batches)
    [[0, 2], [1, 3]]
    """
    sizes = np.asarray(lengths)
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(sizes))
    batches = []
    for start in range(0, len(order), batch_size * POOL):
        pool = order[start : start + batch_size * POOL]
        pool = pool[np.argsort(sizes[pool], kind="stable")]
        batches += [pool[at : at + batch_size] for at in range(0, len(pool), batch_size)]
    return [batches[place] for place in random.permutation(len(batches))]


def ordered_batches(lengths: Sequence[int], batch_size: int) -> list[np.ndarray]:
    """Batches for extraction: the longest texts first, so that memory is short at once or never.

    Args:
        lengths: tokens of each text.
        batch_size: texts of a batch; the last may have fewer.

    Returns:
        The places of the texts of each batch, from which results find their order again.

    Example:

    >>> [batch.tolist() for batch in ordered_batches([5, 90, 6], batch_size=2)]
    [[1, 2], [0]]
    """
    order = np.argsort(-np.asarray(lengths), kind="stable")
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def pad_batch(
    encodings: Sequence[Encoding], multiple: int = MULTIPLE
) -> tuple[np.ndarray, np.ndarray]:
    """Token and segment ids, int32 `[B, L]`, padded with 0.

    Args:
        encodings: the texts of the batch.
        multiple: what `L` is a multiple of.

    Returns:
        The token ids and the segment ids.

    Example:

    >>> text = Encoding(np.array([2, 7, 3]), np.zeros(3), np.zeros([3, 2]))
    >>> pad_batch([text])[0][0, :4].tolist()
    [2, 7, 3, 0]
    """
    length = bucket_length(max(len(encoding.token_ids) for encoding in encodings), multiple)
    token_ids = np.zeros([len(encodings), length], np.int32)
    segment_ids = np.zeros_like(token_ids)
    for row, encoding in enumerate(encodings):
        token_ids[row, : len(encoding.token_ids)] = encoding.token_ids
        segment_ids[row, : len(encoding.segment_ids)] = encoding.segment_ids
    return token_ids, segment_ids
