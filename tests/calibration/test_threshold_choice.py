"""Counts and best thresholds compared with brute force, and out-of-fold estimates."""

import itertools
import math

import numpy as np
import pytest
from calibration.cases import PREDICATES, random_found

from gplinker_tf import Example, Extraction, InputError, Schema, Span, Triple
from gplinker_tf.calibration import found_triples, tune_thresholds
from gplinker_tf.calibration.cross_validation import folds_of, scores_at
from gplinker_tf.calibration.threshold_choice import best_thresholds, precision_bound
from gplinker_tf.calibration.threshold_counts import threshold_counts, threshold_grid
from gplinker_tf.metrics import evaluate_triples

SCHEMA = Schema(tuple(("物", name, "人") for name in PREDICATES))


def counts_of(found, floor=-5.0):
    grid = threshold_grid(floor, found.lowest)
    return threshold_counts(found, grid, np.ones(len(found.annotated), bool))


def random_texts(seed):
    """Return annotated texts, and extractions in which different words have the same tokens."""
    rng = np.random.default_rng(seed)
    examples, extractions = [], []
    for number in range(40):
        gold, found = [], []
        for _ in range(rng.integers(0, 6)):
            words = rng.choice(list("abAB"), 2)
            triple = Triple(Span(words[0]), PREDICATES[rng.integers(3)], Span(words[1]))
            if rng.random() < 0.5:
                gold.append(triple)
            lowest = float(np.float32(rng.normal(0, 2)))
            found.append(Triple(triple.subject, triple.predicate, triple.object, 1.0, (), lowest))
        examples.append(Example(str(number), tuple(gold)))
        extractions.append(Extraction(str(number), tuple(found)))
    return examples, extractions


def test_counts_at_each_threshold_are_those_of_an_evaluation():
    def tokenize(word):
        return [word.lower()]

    examples, extractions = random_texts(seed=1)
    found = found_triples(examples, extractions, tokenize, SCHEMA)
    counts = counts_of(found)
    assert 0.0 in counts.thresholds and counts.found[:, -1].sum() == 0
    for place, threshold in enumerate(counts.thresholds):
        kept = [
            Extraction(e.text, tuple(t for t in e.triples if t.lowest_score > threshold))
            for e in extractions
        ]
        places = np.full(len(PREDICATES), place)
        assert scores_at(counts, places) == evaluate_triples(examples, kept, tokenize).tokenized


@pytest.mark.parametrize("seed", range(3))
def test_thresholds_per_predicate_are_the_best_of_all_combinations(seed):
    found = random_found(seed, texts=30, shift=(-1, 0, 2))
    counts = counts_of(found)
    few = np.arange(0, len(counts.thresholds), 8)
    counts = counts._replace(
        thresholds=counts.thresholds[few],
        correct=counts.correct[:, few],
        found=counts.found[:, few],
    )
    combinations = itertools.product(range(len(few)), repeat=len(PREDICATES))
    best = max(scores_at(counts, np.array(places)).f1 for places in combinations)
    chosen = scores_at(counts, best_thresholds(counts, shared=0.0))
    assert chosen.f1 == pytest.approx(best)
    common = scores_at(counts, best_thresholds(counts, math.inf))
    assert common.f1 == pytest.approx(counts.f1().max())
    assert common.f1 < chosen.f1


def test_a_rare_predicate_stays_close_to_all():
    found = random_found(4, texts=400, shift=(-2, 0, 2))
    counts = counts_of(found)
    common = best_thresholds(counts, math.inf)
    apart = [np.abs(best_thresholds(counts, s) - common).sum() for s in (0.0, 300.0, 3e4, 1e7)]
    assert apart[0] > 10 and apart == sorted(apart, reverse=True) and apart[-1] == 0


def test_own_thresholds_are_taken_where_they_help_and_0_where_nothing_does():
    apart = tune_thresholds(random_found(5, shift=(-2, 0, 2)), PREDICATES, -5.0)
    values = apart.calibration.thresholds(PREDICATES)
    assert values[0] < values[1] < values[2] and apart.out_of_fold.f1 > apart.at_zero.f1 + 0.01
    alike = tune_thresholds(random_found(6, missed=2), PREDICATES, -5.0)
    assert not alike.calibration.by_predicate
    one = tune_thresholds(random_found(5, shift=(-2, 0, 2)), PREDICATES, -5.0, per_predicate=False)
    assert not one.calibration.by_predicate and one.out_of_fold.f1 < apart.out_of_fold.f1
    # Correct triples above 0, wrong ones below: 0 is best.
    best = random_found(7)
    best = best._replace(lowest=np.where(best.correct, 1, -1) * np.abs(best.lowest))
    assert tune_thresholds(best, PREDICATES, -5.0).calibration.threshold == 0.0


@pytest.mark.parametrize("seed", range(3))
def test_what_is_promised_out_of_fold_comes_true(seed):
    shift = (-1, 1, 2)
    tuning = tune_thresholds(random_found(seed, 600, shift), PREDICATES, -5.0)
    other = random_found(seed + 100, 3000, shift)
    thresholds = tuning.calibration.thresholds(PREDICATES)
    kept = other.lowest > thresholds[other.predicate]
    f1 = 2 * other.correct[kept].sum() / (kept.sum() + other.annotated.sum())
    assert tuning.out_of_fold.f1 == pytest.approx(f1, abs=0.02)
    assert tuning.reliability.error < 0.05 and len(np.unique(folds_of(600))) == 5


def test_a_precision_is_reached_on_other_texts():
    reached = 0
    for seed in range(20):
        tuning = tune_thresholds(random_found(seed), PREDICATES, -5.0, min_precision=0.9)
        other = random_found(seed + 100, texts=3000)
        kept = other.lowest > tuning.calibration.threshold
        reached += other.correct[kept].mean() >= 0.9
        assert precision_bound(tuning.counts).max() > 0.9 and not tuning.calibration.by_predicate
    assert reached >= 18


@pytest.mark.parametrize(
    ("found", "options", "message"),
    [
        (random_found(0, texts=4), {}, "at least 5 texts"),
        (
            random_found()._replace(annotated=np.zeros([300, 3], int)),
            {},
            "Received: texts=300, annotated=0",
        ),
        (random_found()._replace(correct=np.zeros(2400, bool)), {}, "2,400 found, none of them"),
        (random_found(), {"min_precision": 1.5}, "between 0 and 1"),
        (random_found(), {"min_precision": 0.9, "per_predicate": True}, "Received: both"),
        (random_found(), {"min_precision": 0.999}, r"at most 0\.9.*Ask for less"),
    ],
)
def test_what_can_not_be_tuned_is_told(found, options, message):
    with pytest.raises(InputError, match=message):
        tune_thresholds(found, PREDICATES, -5.0, **options)
