"""The logistic curve, compared with the true one, and on data on which it could diverge."""

import numpy as np
import pytest
from calibration.cases import PREDICATES, names_of, random_found

from gplinker_tf.calibration import ProbabilityModel, reliability


def test_it_finds_the_law_that_made_the_data():
    rng = np.random.default_rng(1)
    lowest = rng.normal(1, 3, 20_000)
    correct = rng.random(len(lowest)) < 1 / (1 + np.exp(0.7 - 0.4 * lowest))
    model = ProbabilityModel.fit(lowest, ["主演"] * len(lowest), correct)
    assert model.intercept == pytest.approx(-0.7, abs=0.06)
    assert model.slope == pytest.approx(0.4, abs=0.02)
    assert abs(model.shifts["主演"]) < 1e-6


def test_predicates_shift_the_curve_the_more_the_more_there_are_of_them():
    found = random_found(1, texts=1000, shift=(-1.5, 0, 1.5))
    shifts = ProbabilityModel.fit(found.lowest, names_of(found), found.correct).shifts
    assert [shifts[name] for name in PREDICATES] == pytest.approx([1.5, 0, -1.5], abs=0.2)
    few = random_found(1, texts=10, shift=(-1.5, 0, 1.5))
    fewer = ProbabilityModel.fit(few.lowest, names_of(few), few.correct).shifts
    assert 0 < fewer["导演"] < shifts["导演"]


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("nudge", [1e-3, -1e-3])
def test_no_other_curve_is_more_likely(place, nudge):
    found = random_found(2, shift=(-1, 0, 2))
    scores, correct = found.lowest, found.correct

    def loss(intercept, slope, *shifts):
        odds = intercept + slope * scores + np.array(shifts)[found.predicate]
        right, wrong = correct.sum(), (~correct).sum()
        target = np.where(correct, (right + 1) / (right + 2), 1 / (wrong + 2))
        penalty = (slope * scores.std()) ** 2 + 3 * np.square(shifts).sum()
        return np.sum(np.logaddexp(0, odds) - target * odds) + penalty / 2

    model = ProbabilityModel.fit(scores, names_of(found), correct)
    best = [model.intercept, model.slope, *(model.shifts[name] for name in PREDICATES)]
    other = np.array(best) + nudge * (np.arange(5) == place)
    assert loss(*other) > loss(*best)


@pytest.mark.parametrize(
    ("lowest", "correct"),
    [
        ([], []),
        ([1.0], [True]),
        ([2.0, 2.0, 2.0], [True, False, True]),
        ([-1e4, 1e4] * 500, [False, True] * 500),
        ([1.0, 2.0, 3.0], [True, True, True]),
        ([1.0, 2.0, 3.0], [False, False, False]),
    ],
)
def test_it_is_finite_whatever_the_data(lowest, correct):
    names = ["主演"] * len(lowest)
    model = ProbabilityModel.fit(np.array(lowest), names, np.array(correct, bool))
    probabilities = model(np.array([-1e6, 0.0, 1e6]), ["主演", "导演", "主演"])
    assert np.isfinite([model.intercept, model.slope, *probabilities]).all()
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


def test_the_calibration_error_is_near_0_for_the_true_curve_and_large_for_another():
    found = random_found(3, texts=2000)

    def error(model):
        return reliability(model(found.lowest, names_of(found)), found.correct).error

    assert error(ProbabilityModel(0.0, 1.0)) < 0.015
    assert error(ProbabilityModel(2.0, 1.0)) > 0.15


def test_the_calibration_error_by_hand():
    table = reliability(np.array([0.05, 0.95, 1.0, 0.91]), np.array([True, True, True, False]))
    assert table.triples.tolist() == [1, *[0] * 8, 3]
    assert table.error == pytest.approx((0.95 + 3 * abs(2.86 / 3 - 2 / 3)) / 4)
