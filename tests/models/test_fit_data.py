"""Data for `fit`: training batches passed directly, and data of many shapes."""

import logging
import warnings

import numpy as np
import pytest
from tensorflow.python.eager.polymorphic_function import polymorphic_function
from tiny import tiny_batch_for, tiny_model, tiny_of_kind, tiny_quintuples

from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.backend import keras, tf
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.structures import Encoding

pytestmark = pytest.mark.slow

TEXTS, LENGTHS = 7, [6, 9, 13, 7, 11, 20, 8, 30]


def batches_for(model, seed=1):
    rng = np.random.default_rng(0)
    encodings = [
        Encoding(rng.integers(1, 50, [9]), np.zeros(9, int), np.zeros([9, 2], int))
        for _ in range(TEXTS)
    ]
    texts = LabeledTexts(encodings, tiny_quintuples(rng, TEXTS, 9), list(range(TEXTS)))
    return TrainingBatches(texts, model.target_builder, batch_size=3, seed=seed)


@pytest.mark.parametrize("kind", ["gplinker", "casrel"])
def test_training_batches_train_as_their_dataset_does(kind):
    """CasRel draws new labels each epoch, so batches of a wrong epoch would be noticed."""
    results = []
    for as_it_is in (False, True):
        model = tiny_of_kind(kind)
        model.compile(keras.optimizers.SGD(0.05), run_eagerly=True)
        batches = batches_for(model)
        data, settings = batches, {}
        if not as_it_is:
            data, settings = batches.dataset(len(batches)), {"steps_per_epoch": len(batches)}
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*shuffle")
            history = model.fit(data, epochs=3, initial_epoch=1, verbose=0, **settings).history
        assert len(history["loss"]) == 2
        results.append([weight.numpy() for weight in model.trainable_weights])
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def test_training_batches_are_evaluated_once_each():
    model = tiny_model()
    model.compile("sgd", run_eagerly=True)
    batches = batches_for(model)
    logs = model.fit(batches, validation_data=batches, epochs=2, verbose=0).history
    seen = []
    model.sample_losses, losses_of = lambda *a: seen.append(1) or losses_of(*a), model.sample_losses
    loss = model.evaluate(batches, return_dict=True, verbose=0)["loss"]
    assert len(seen) == len(batches) == 3
    assert loss == pytest.approx(logs["val_loss"][-1], rel=1e-5)


@pytest.fixture
def retracing(monkeypatch):
    """A function that returns all warnings about retracing; TensorFlow would show only two."""
    limit = "FREQUENT_TRACING_WARNING_MAX_WARNING_PER_DETECTOR"
    monkeypatch.setattr(polymorphic_function, limit, 10_000)
    told = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())
    tf.get_logger().addHandler(handler)
    yield lambda: [message for message in told if "tf.function retracing" in message]
    tf.get_logger().removeHandler(handler)


def test_batches_of_many_lengths_are_traced_a_few_times_and_without_a_warning(retracing):
    model = tiny_of_kind("casrel")
    model.compile("sgd")
    traces = []
    model._factors, factors = lambda *a: traces.append(1) or factors(*a), model._factors
    batches = [tiny_batch_for(model, texts=3 + n % 2, length=n) for n in LENGTHS]
    for inputs, labels in batches:
        model.fit(list(inputs), labels, verbose=0)
        model.evaluate(list(inputs), labels, verbose=0)
    assert len(traces) <= 6, "three times to train, three times to evaluate"
    for _ in range(2):
        model.fit((batch for batch in batches), steps_per_epoch=len(batches), verbose=0)
        model.fit(batches_for(model), verbose=0)
    assert len(traces) <= 7
    assert not retracing()


def test_many_models_give_no_warning_but_other_functions_do(retracing):
    for _ in range(5):
        model = tiny_of_kind("casrel")
        model.compile("sgd")
        inputs, labels = tiny_batch_for(model)
        model.predict_on_batch(list(inputs))
        model.test_on_batch(list(inputs), labels)
    model.jit = True
    for length in LENGTHS:
        model.factors([part[:, :1].repeat(length, 1) for part in inputs])
    assert not retracing()
    for number in range(6):
        tf.function(lambda x: x + 1)(tf.zeros([number]))
    assert retracing()
