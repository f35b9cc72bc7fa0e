"""An encoder that gives every token the same vector is told."""

import pytest
from test_trainer import run

from gplinker_tf import RelationExtractor
from gplinker_tf.backend import keras
from gplinker_tf.data import read_examples
from gplinker_tf.training import TrainingOptions
from gplinker_tf.training.collapse import COLLAPSED, has_collapsed
from gplinker_tf.training.epoch_evaluation import MARKS_EVERYTHING

pytestmark = pytest.mark.slow


def last_normalization(model):
    """Scale and shift of what the encoder gives out."""
    beta, gamma = model.encoder.layers[-1].weights
    return beta, gamma


def test_only_the_same_vector_everywhere_is_a_collapse(run_folder, sample):
    extractor = RelationExtractor.load(run_folder)
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=20)]
    assert not has_collapsed(extractor, texts)
    beta, gamma = last_normalization(extractor.model)
    beta.assign(keras.initializers.RandomNormal(stddev=1.0, seed=3)(beta.shape))
    gamma.assign(gamma * 1e-2)  # TPLinker's collapse leaves as much
    assert has_collapsed(extractor, texts)


def test_training_says_so(sample, tmp_path, monkeypatch):
    from gplinker_tf.training import plan

    def collapsed(*arguments):
        extractor = new_extractor(*arguments)
        beta, gamma = last_normalization(extractor.model)
        beta.assign(beta + 1.0)
        gamma.assign(gamma * 0.0)
        for pointer in (extractor.model.entity, extractor.model.head, extractor.model.tail):
            for weight in pointer.weights:
                weight.assign(weight * 0.0)
            pointer.weights[-1].assign(pointer.weights[-1] - 5.0)  # every score is -5
        return extractor

    new_extractor = plan.new_extractor
    monkeypatch.setattr(plan, "new_extractor", collapsed)
    options = TrainingOptions(
        epochs=1, batch_size=4, limit=4, dev_limit=4, learning_rate=1e-9, recipe="blog"
    )
    lines = []
    run(sample, tmp_path / "run", options, report=lines.append)
    assert any("0 triples found of" in line for line in lines)
    assert lines.count(COLLAPSED) == 1


def test_training_says_that_everything_is_marked(sample, tmp_path):
    options = TrainingOptions(
        epochs=2, batch_size=4, limit=4, dev_limit=4, learning_rate=1e-9, recipe="blog"
    )
    lines = []
    run(sample, tmp_path / "run", options, report=lines.append)
    assert lines.count(MARKS_EVERYTHING) == 1
