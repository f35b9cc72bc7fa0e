"""A threshold gives the triples of a lower one whose lowest scores are above it."""

import numpy as np
import pytest
from reference import in_one_generation
from tiny import PREDICATES, tiny_batch, tiny_of_kind

from gplinker_tf.models import MODELS

pytestmark = in_one_generation

MANY = 10**6


def found(model, threshold):
    (token_ids, segment_ids), _ = tiny_batch(seed=3, texts=16, length=11)
    triples, _ = model.decode([token_ids, segment_ids], threshold, MANY)
    columns = triples.batch, triples.subject, triples.predicate, triples.object
    keys = zip(*(column.numpy().tolist() for column in columns), strict=True)
    keys = [(text, *subject, predicate, *object_) for text, subject, predicate, object_ in keys]
    lowest = dict(zip(keys, triples.lowest.numpy().tolist(), strict=True))
    assert len(lowest) == len(keys), "a triple was given twice"
    return lowest


def assert_found(model, threshold, expected):
    """Check for the same triples; scores may differ slightly, because batch sizes differ."""
    assert found(model, threshold) == pytest.approx(expected, rel=0, abs=1e-5)


@pytest.fixture(params=MODELS)
def model(request):
    """A model of each kind whose scores are spread around 0."""
    model = tiny_of_kind(request.param, seed=4)
    for weight in model.trainable_weights:
        weight.assign((8 if request.param == "casrel" else 4) * weight)
    return model


@pytest.fixture
def low(model):
    """The triples found at a low threshold, with their lowest scores."""
    start = max(-3.0, model.nested_from)
    everything = found(model, start)
    assert len(everything) > 100 and min(everything.values()) > start
    return everything


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_a_threshold_equals_a_lower_one_and_a_choice_by_lowest_score(model, low, share):
    threshold = float(np.quantile(list(low.values()), share))
    expected = {key: value for key, value in low.items() if value > threshold}
    assert 0 < len(expected) < len(low)
    assert_found(model, threshold, expected)


def test_each_predicate_may_have_a_threshold_of_its_own(model, low):
    thresholds = np.quantile(list(low.values()), np.linspace(0.2, 0.8, PREDICATES))
    thresholds = thresholds.astype(np.float32)
    expected = {key: value for key, value in low.items() if value > thresholds[key[3]]}
    assert 0 < len(expected) < len(low)
    assert_found(model, thresholds, expected)
