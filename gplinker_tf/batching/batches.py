"""Grouping of texts into batches, and padding of their tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.structures import Encoding

#: Batch lengths are rounded up to a multiple of this number.
MULTIPLE = 2

#: The same if XLA compiles each length separately: more padding, but fewer lengths.
COMPILED_MULTIPLE = 16

#: The number of batches whose texts are sorted by length together.
POOL = 100


def length_multiple(jit: bool) -> int:
    """Return the padding multiple of batch lengths, with or without XLA.

    Args:
        jit: whether XLA compiles the model, once per length.

    Example:

    >>> length_multiple(jit=False), length_multiple(jit=True)
    (2, 16)
    """
    return COMPILED_MULTIPLE if jit else MULTIPLE


def bucket_length(length: int, multiple: int = MULTIPLE) -> int:
    """Return the length to which a batch is padded.

    Args:
        length: the number of tokens of its longest text.
        multiple: the padding multiple: the length is rounded up to a multiple of it.

    Example:

    >>> bucket_length(17), bucket_length(17, multiple=16)
    (18, 32)
    """
    return -(-length // multiple) * multiple


def length_grouped_batches(
    lengths: Sequence[int], batch_size: int, seed: int, epoch: int
) -> list[np.ndarray]:
    """Group texts of similar length into batches, in random order.

    The texts are shuffled, sorted by length within pools of 100 batches, and cut into batches.
    Then the batches are shuffled.

    Args:
        lengths: the number of tokens of each text.
        batch_size: the number of texts per batch; one batch of an epoch may have fewer.
        seed: the seed, which together with `epoch` gives the same order on every machine.
        epoch: the number of the epoch.

    Returns:
        The indices of the texts in each batch; each text is in exactly one.

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
    """Group texts into batches for extraction, longest first: memory runs out at once or never.

    Args:
        lengths: the number of tokens of each text.
        batch_size: the number of texts per batch; the last batch may have fewer.

    Returns:
        The indices of the texts in each batch, with which results can be put back in order.

    Example:

    >>> [batch.tolist() for batch in ordered_batches([5, 90, 6], batch_size=2)]
    [[1, 2], [0]]
    """
    order = np.argsort(-np.asarray(lengths), kind="stable")
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def pad_batch(
    encodings: Sequence[Encoding], multiple: int = MULTIPLE
) -> tuple[np.ndarray, np.ndarray]:
    """Pad the token and segment ids of a batch with 0.

    Args:
        encodings: the texts of the batch.
        multiple: the padding multiple: `L` is rounded up to a multiple of it.

    Returns:
        The token ids and the segment ids, int32 `[B, L]`.

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
