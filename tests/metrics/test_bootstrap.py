"""The bootstrap, compared with drawing and adding up one text at a time."""

import numpy as np
import pytest

from gplinker_tf import Example, Extraction, Span, Triple
from gplinker_tf.metrics import ScoreCounts, bootstrap, bootstrap_f1, evaluate_triples, interval
from gplinker_tf.metrics.matching import exact_key, tokenized_key
from gplinker_tf.metrics.text_counts import text_counts


def random_counts(runs, texts, seed=1):
    random = np.random.default_rng(seed)
    found, annotated = random.integers(0, 5, [2, runs, texts])
    annotated[:] = annotated[0]
    correct = random.integers(0, np.minimum(found, annotated) + 1)
    return np.stack([correct, found, annotated], axis=-1)


def one_text_at_a_time(counts, resamples, seed):
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(resamples):
        drawn = random.integers(0, counts.shape[1], counts.shape[1])
        rows.append(
            [sum((ScoreCounts(*run[d]) for d in drawn), ScoreCounts()).f1 for run in counts]
        )
    return np.array(rows)


@pytest.mark.parametrize("draws", [2**22, 50])
def test_it_is_the_f1_of_texts_drawn_one_at_a_time(monkeypatch, draws):
    monkeypatch.setattr(bootstrap, "DRAWS", draws)  # all at once, or seven resamples at a time
    counts = random_counts(runs=3, texts=7)
    values = bootstrap_f1(counts, resamples=40, seed=5)
    np.testing.assert_allclose(values, one_text_at_a_time(counts, 40, 5), rtol=1e-12)


def test_the_interval_is_that_of_a_known_spread():
    """One triple per text, found and correct in every other one: F1 spreads as in theory."""
    texts = 2_000
    right = np.arange(texts) % 2
    counts = np.stack([right, np.ones(texts, int), np.ones(texts, int)], axis=-1)[None]
    lowest, highest = interval(bootstrap_f1(counts)[:, 0])
    expected = 1.96 * np.sqrt(0.25 / texts)
    assert highest - 0.5 == pytest.approx(expected, rel=0.05)
    assert 0.5 - lowest == pytest.approx(expected, rel=0.05)


def test_two_equal_runs_differ_by_nothing():
    counts = random_counts(runs=1, texts=30)
    values = bootstrap_f1(np.concatenate([counts, counts]), resamples=50)
    assert interval(values[:, 0] - values[:, 1]) == (0.0, 0.0)
    assert np.ptp(values[:, 0]) > 0


def test_nothing_found_and_nothing_annotated_is_zero():
    assert not bootstrap_f1(np.zeros([2, 4, 3], int), resamples=3).any()


def test_counts_of_texts_add_up_to_the_evaluation():
    def triple(*words):
        return Triple(Span(words[0]), words[1], Span(words[2]))

    def tokenize(word):
        return word.lower().split()

    gold = [Example("t0", (triple("A", "p", "b"), triple("a", "p", "b"))), Example("t1")]
    found = [Extraction("t0", (triple("a", "p", "b"),)), Extraction("t1", (triple("x", "p", "y"),))]
    evaluation = evaluate_triples(gold, found, tokenize)
    for key, counts in [
        (tokenized_key(tokenize), evaluation.tokenized),
        (exact_key, evaluation.exact),
    ]:
        assert ScoreCounts(*text_counts(gold, found, key).sum(axis=0).tolist()) == counts
