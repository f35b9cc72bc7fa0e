"""Decoding compared with the plain loops of the blog's script, and the cap on candidate pairs."""

import itertools

import numpy as np
import pytest
from decoded import as_dicts, assert_same

import gplinker_tf.decoding.decode as decode_module
from gplinker_tf.backend import tf
from gplinker_tf.comparison.machine import CLEAR, forget_peak, resident_peak
from gplinker_tf.decoding import (
    TriangleScores,
    as_pair_scorer,
    best_triples,
    candidate_pairs,
    decode_triples,
)
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer

PREDICATES = 5


def by_loops(entity, head, tail, length, threshold):
    """Return (subject, predicate, object) with scores by definition, for one text of `length`."""
    inner = range(1, length - 1)
    spans = [
        [(m, n) for m, n in itertools.product(inner, inner) if role[m, n] > threshold]
        for role in entity
    ]
    found = {}
    for (sh, st), (oh, ot) in itertools.product(*spans):
        for p in range(len(head)):
            terms = entity[0, sh, st], entity[1, oh, ot], head[p, sh, oh], tail[p, st, ot]
            if head[p, sh, oh] > threshold and tail[p, st, ot] > threshold:
                found[(sh, st), p, (oh, ot)] = sum(map(float, terms))
    return found


def random_scores(seed, lengths=(12, 7, 3), shift=0.3):
    rng = np.random.default_rng(seed)
    texts, longest = len(lengths), max(lengths)
    mask = np.arange(longest) < np.array(lengths)[:, None]
    logits = [
        rng.normal(shift, 1, [texts, labels, longest, longest]).astype("float32")
        for labels in (2, PREDICATES, PREDICATES)
    ]
    logits[0][:, :, np.tri(longest, k=-1, dtype=bool)] = -np.inf
    return logits, mask


@pytest.mark.parametrize("threshold", [0.0, 0.7, -0.3])
@pytest.mark.parametrize("seed", range(4))
def test_equals_the_scripts_loops(seed, threshold):
    (entity, head, tail), mask = random_scores(seed)
    triples = decode_triples(entity, head, tail, mask, threshold)
    found = as_dicts(triples, len(mask))
    expected = [
        by_loops(*scores, mask_row.sum(), threshold)
        for *scores, mask_row in zip(entity, head, tail, mask, strict=True)
    ]
    assert sum(map(len, expected)) > 20
    for got, want in zip(found, expected, strict=True):
        assert_same(got, want)
    assert not triples.capped.numpy().any()


@pytest.mark.slow
def test_chunks_change_nothing(monkeypatch):
    (entity, head, tail), mask = random_scores(seed=9)
    whole = as_dicts(decode_triples(entity, head, tail, mask), len(mask))
    monkeypatch.setattr(decode_module, "CHUNK_FLOATS", 70)
    assert as_dicts(decode_triples(entity, head, tail, mask), len(mask)) == whole


@pytest.mark.parametrize("layer_class", [GlobalPointer, EfficientGlobalPointer])
def test_factors_decode_as_their_logits(layer_class):
    hidden = tf.random.stateless_normal([3, 9, 16], [1, 2])
    mask = tf.sequence_mask([9, 6, 4], 9)
    entity_layer = layer_class(2, 8)
    head, tail = (layer_class(PREDICATES, 8, RoPE=False, tril_mask=False) for _ in range(2))
    entity = entity_layer(hidden, mask=mask)
    logits = [layer(hidden, mask=mask) for layer in (head, tail)]
    factors = [layer.factors(hidden) for layer in (head, tail)]
    expected = as_dicts(decode_triples(entity, *logits, mask), 3)
    assert sum(map(len, expected)) > 5
    for got, want in zip(
        as_dicts(decode_triples(entity, *factors, mask), 3), expected, strict=True
    ):
        assert_same(got, want)


@pytest.mark.parametrize("layer_class", [GlobalPointer, EfficientGlobalPointer])
def test_pair_scores_are_cells_of_the_logits(layer_class):
    layer = layer_class(PREDICATES, 8, tril_mask=False)
    hidden = tf.random.stateless_normal([2, 6, 16], [3, 4])
    logits = layer(hidden)
    batch, rows, columns = (tf.constant(v) for v in ([0, 1, 1, 0], [0, 5, 2, 3], [4, 1, 2, 0]))
    expected = [logits.numpy()[b, :, m, n] for b, m, n in zip(batch, rows, columns, strict=True)]
    for scores in (logits, layer.factors(hidden)):
        np.testing.assert_allclose(
            as_pair_scorer(scores)(batch, rows, columns), expected, atol=1e-5
        )


def test_one_label_of_entities_serves_as_both():
    (entity, head, tail), mask = random_scores(seed=5)
    entity = entity[:, :1]
    expected = as_dicts(decode_triples(np.repeat(entity, 2, axis=1), head, tail, mask), len(mask))
    assert sum(map(len, expected)) > 20
    assert as_dicts(decode_triples(entity, head, tail, mask), len(mask)) == expected


def test_triangles_decode_as_their_squares():
    (entity, head, tail), mask = random_scores(seed=6)
    rows, columns = np.triu_indices(mask.shape[1])

    def triangle(scores):
        # Each row has the scores of a pair and of the reversed pair, which `both_ways` separates.
        sides = [scores[:, :, rows, columns], scores[:, :, columns, rows]]
        logits = np.moveaxis(np.concatenate(sides, axis=1), 1, 2)

        def both_ways(logits):
            return tf.reshape(logits, [-1, 2, PREDICATES])

        return TriangleScores(tf.constant(logits), tf.constant(mask.shape[1]), both_ways)

    expected = as_dicts(decode_triples(entity, head, tail, mask), len(mask))
    assert sum(map(len, expected)) > 20
    found = decode_triples(entity, triangle(head), triangle(tail), mask)
    assert as_dicts(found, len(mask)) == expected


@pytest.mark.parametrize("max_pairs", [1, 7, 50])
def test_the_cap_keeps_the_best_pairs_and_says_so(max_pairs):
    (entity, _, _), mask = random_scores(seed=2, lengths=(12, 7, 3, 5))
    full = candidate_pairs(entity, mask, -9.0, 10**6)
    capped = candidate_pairs(entity, mask, -9.0, max_pairs)
    for text in range(len(mask)):
        scores = np.sort(full.score.numpy()[full.batch.numpy() == text])[::-1]
        kept = np.sort(capped.score.numpy()[capped.batch.numpy() == text])[::-1]
        np.testing.assert_allclose(kept, scores[:max_pairs])
        assert bool(capped.capped[text]) == (len(scores) > max_pairs)
    assert not full.capped.numpy().any() and capped.capped.numpy().any()


@pytest.mark.skipif(not CLEAR.exists(), reason="this system cannot reset the memory peak")
def test_an_untrained_model_on_long_texts_stays_small():
    # 8 x 8,000 x 8,000 pairs of spans. Any step whose memory is not proportional to `max_pairs` or
    # to the number of spans takes gigabytes.
    entity = tf.random.stateless_normal([8, 2, 128, 128], [5, 6])
    forget_peak()
    before = resident_peak()
    pairs = candidate_pairs(entity, tf.ones([8, 128], tf.bool), -1000.0, 10_000)
    assert resident_peak() - before < 500
    assert np.bincount(pairs.batch.numpy()).tolist() == [10_000] * 8
    assert pairs.capped.numpy().all()


def test_borders_start_and_end_nothing():
    entity = tf.ones([1, 2, 6, 6])
    mask = tf.constant([[True] * 5 + [False]])
    pairs = candidate_pairs(entity, mask, 0.0, 10**4)
    tokens = np.concatenate([pairs.subject.numpy().ravel(), pairs.object.numpy().ravel()])
    assert set(tokens.tolist()) == {1, 2, 3}


@pytest.mark.parametrize("lengths", [(2, 2), (3,)])
def test_texts_without_room_for_a_triple(lengths):
    (entity, head, tail), mask = random_scores(seed=1, lengths=lengths, shift=-50)
    triples = decode_triples(entity, head, tail, mask)
    assert triples.score.shape == (0,)
    assert not triples.capped.numpy().any()


def test_half_precision_scores_are_float32():
    (entity, head, tail), mask = random_scores(seed=3)
    half = [tf.cast(logits, tf.float16) for logits in (entity, head, tail)]
    triples = decode_triples(*half, mask)
    assert triples.score.dtype == tf.float32 and len(triples.score) > 0


@pytest.mark.parametrize("most", [1, 7, 10**6])
def test_the_best_triples_of_each_text_are_kept(most):
    (entity, head, tail), mask = random_scores(5)
    triples = decode_triples(entity, head, tail, tf.constant(mask))
    everything = as_dicts(triples, 3)
    best = best_triples(triples, most)
    left_out = best.left_out.numpy()
    for found, whole, count in zip(as_dicts(best, 3), everything, left_out, strict=True):
        kept = sorted(whole, key=whole.get, reverse=True)[:most]
        assert found == {key: whole[key] for key in kept}
        assert count == len(whole) - len(kept)
    assert max(map(len, everything)) > 7 and (best.capped == triples.capped).numpy().all()


def test_of_triples_without_end_the_best_are_kept_as_they_are_found(monkeypatch):
    (entity, head, tail), mask = random_scores(7, lengths=(9, 7, 3))
    everything = as_dicts(decode_triples(entity, head, tail, mask, -1000.0), 3)
    monkeypatch.setattr(decode_module, "MAX_LISTED", 20)
    monkeypatch.setattr(decode_module, "CHUNK_FLOATS", 2000)  # the pairs of a text span many chunks
    triples = decode_triples(entity, head, tail, mask, -1000.0)
    left_out = triples.left_out.numpy()
    for found, whole, count in zip(as_dicts(triples, 3), everything, left_out, strict=True):
        assert found == {key: whole[key] for key in sorted(whole, key=whole.get)[::-1][:20]}
        assert count == len(whole) - len(found)
    assert left_out[0] > 1000
