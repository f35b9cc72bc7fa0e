"""Batches: each text once, similar lengths, and an order determined by seed and epoch."""

import numpy as np
import pytest

from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.batching import (
    TrainingBatches,
    bucket_length,
    length_grouped_batches,
    length_multiple,
    ordered_batches,
    pad_batch,
)
from gplinker_tf.models import GPLinkerTargets
from gplinker_tf.structures import Encoding

LENGTHS = np.random.default_rng(0).integers(5, 129, 1003)


def encoding(length, token=7):
    ids = np.full(length, token, np.int32)
    return Encoding(ids, np.zeros_like(ids), np.zeros([length, 2], np.int32))


def padding_share(batches):
    padded = sum(len(batch) * bucket_length(LENGTHS[batch].max()) for batch in batches)
    return 1 - LENGTHS.sum() / padded


def test_each_text_is_in_one_batch():
    batches = length_grouped_batches(LENGTHS, 16, seed=1, epoch=0)
    assert sorted(np.concatenate(batches).tolist()) == list(range(1003))
    assert sorted(map(len, batches)) == [1003 % 16] + [16] * (1003 // 16)


def test_similar_lengths_and_few_shapes():
    batches = length_grouped_batches(LENGTHS, 16, seed=1, epoch=0)
    shuffled = np.array_split(np.random.default_rng(2).permutation(1003), 63)
    assert padding_share(batches) < 0.07 < 0.4 < padding_share(shuffled)
    compiled = {bucket_length(LENGTHS[batch].max(), length_multiple(jit=True)) for batch in batches}
    assert len(compiled) <= 8
    lengths = [LENGTHS[batch].max() for batch in batches]
    assert not (np.diff(lengths) >= 0).all(), "batches come in no order of length"


def test_seed_and_epoch_decide_the_order():
    def order(seed, epoch):
        return [b.tolist() for b in length_grouped_batches(LENGTHS, 16, seed, epoch)]

    assert order(1, 0) == order(1, 0)
    assert order(1, 0) != order(1, 1) and order(1, 0) != order(2, 0)


def test_the_longest_batch_comes_first_when_extracting():
    batches = ordered_batches(LENGTHS, 32)
    assert sorted(np.concatenate(batches).tolist()) == list(range(1003))
    lengths = np.concatenate([LENGTHS[batch] for batch in batches])
    assert (np.diff(lengths) <= 0).all()
    assert ordered_batches([], 32) == []


@pytest.mark.parametrize(("length", "expected"), [(1, 2), (8, 8), (17, 18), (128, 128)])
def test_lengths_of_buckets(length, expected):
    assert bucket_length(length) == expected


def test_padding():
    texts = [encoding(3), encoding(17)]
    assert pad_batch(texts, multiple=16)[0].shape == (2, 32)
    token_ids, segment_ids = pad_batch(texts)
    assert token_ids.shape == segment_ids.shape == (2, 18)
    assert token_ids.dtype == np.int32
    assert (token_ids != 0).sum(axis=1).tolist() == [3, 17]
    assert token_ids[0, :3].tolist() == [7, 7, 7]


def test_the_pipeline_gives_the_order_of_each_epoch():
    lengths = [4, 30, 6, 28, 20, 5, 9]
    encodings = [encoding(length, token) for token, length in enumerate(lengths, start=1)]
    quintuples = [np.array([[1, 1, token % 3, 2, 2]]) for token in range(7)]
    texts = LabeledTexts(encodings, quintuples, range(1, 8))
    batches = TrainingBatches(texts, GPLinkerTargets(3), batch_size=2, seed=5)
    assert len(batches) == 4
    found = iter(batches.dataset())
    for epoch in range(3):
        for places in batches.order(epoch):
            (token_ids, _), labels = next(found)
            assert (token_ids[:, 0].numpy() - 1).tolist() == places.tolist()
            for row, place in enumerate(places):
                positive = np.argwhere(labels["head"][row].numpy().any(axis=(1, 2)))
                assert positive.ravel().tolist() == [place % 3]
