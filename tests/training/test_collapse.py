"""Representation collapse, the same vector for every token, is reported."""

import pytest
from test_trainer import evaluation_of, logs

from gplinker_tf import RelationExtractor
from gplinker_tf.backend import keras
from gplinker_tf.data import read_examples
from gplinker_tf.training.collapse import COLLAPSED, has_collapsed
from gplinker_tf.training.epoch_evaluation import MARKS_EVERYTHING

pytestmark = pytest.mark.slow


def last_normalization(model):
    """Return the shift and the scale of the encoder's output."""
    beta, gamma = model.encoder.layers[-1].weights
    return beta, gamma


def test_only_the_same_vector_everywhere_is_a_collapse(run_folder, sample):
    extractor = RelationExtractor.load(run_folder)
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=20)]
    assert not has_collapsed(extractor, texts)
    beta, gamma = last_normalization(extractor.model)
    beta.assign(keras.initializers.RandomNormal(stddev=1.0, seed=3)(beta.shape))
    gamma.assign(gamma * 1e-2)  # TPLinker's collapse leaves this much variation
    assert has_collapsed(extractor, texts)


def told(callback, score):
    """Return the report of two evaluations of a model that gives all pairs the same score."""
    model, lines = callback.extractor.model, []
    for pointer in (model.entity, model.head, model.tail):
        for weight in pointer.weights:
            weight.assign(weight * 0.0)
        pointer.weights[-1].assign(pointer.weights[-1] + score)
    callback.report = lines.append
    for epoch in range(2):
        callback.on_epoch_end(epoch, logs())
    return lines


def test_training_says_so(run_folder, tmp_path):
    callback = evaluation_of(run_folder, tmp_path, averaging=None)
    beta, gamma = last_normalization(callback.extractor.model)
    beta.assign(beta + 1.0)
    gamma.assign(gamma * 0.0)
    lines = told(callback, score=-5.0)
    assert any("0 triples found of" in line for line in lines)
    assert lines.count(COLLAPSED) == 1


def test_training_says_that_everything_is_marked(run_folder, tmp_path):
    callback = evaluation_of(run_folder, tmp_path, averaging=None)
    assert told(callback, score=5.0).count(MARKS_EVERYTHING) == 1
