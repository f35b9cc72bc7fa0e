"""The threshold that a run tunes on its dev set, for its best model."""

import shutil

import numpy as np
import pytest
from reference import in_one_generation

from gplinker_tf import InputError, RelationExtractor, tune
from gplinker_tf.calibration import THRESHOLDS
from gplinker_tf.data import read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.training import TrainingOptions, train
from gplinker_tf.training._tuned_threshold import tune_best_model

pytestmark = [pytest.mark.slow, in_one_generation]


def test_the_best_model_is_tuned_and_the_one_in_training_stays(run_folder, sample, tmp_path):
    run = shutil.copytree(run_folder, tmp_path / "run")
    examples = read_examples(sample / "dev_data.json", limit=40)
    expected = tune(RelationExtractor.load(run), examples, per_predicate=False).calibration
    extractor = RelationExtractor.load(run)
    later = [weight + 1 for weight in extractor.model.get_weights()]
    extractor.model.set_weights(later)
    lines = []
    tune_best_model(extractor, examples, run, lines.append, progress=False)
    assert all(map(np.array_equal, extractor.model.get_weights(), later))
    assert RelationExtractor.load(run).calibration == expected
    assert len(lines) == 1 and lines[0].startswith("Threshold ")
    # Thresholds that someone tuned later on other texts are kept.
    (run / THRESHOLDS).write_text("{}")
    tune_best_model(extractor, examples, run, lines.append, progress=False)
    assert (run / THRESHOLDS).read_text() == "{}" and len(lines) == 1


def test_too_few_texts_to_tune_on_leave_no_threshold(run_folder, sample, tmp_path):
    run = shutil.copytree(run_folder, tmp_path / "run")
    examples = read_examples(sample / "dev_data.json", limit=2)
    extractor = RelationExtractor.load(run)
    with pytest.raises(InputError, match="at least 5 texts"):
        tune(extractor, examples)
    lines = []
    tune_best_model(extractor, examples, run, lines.append, progress=False)
    assert not (run / THRESHOLDS).exists()
    assert lines[0].startswith("Threshold 0 is kept. Expected at least 5 texts")


def test_a_run_ends_with_a_threshold_unless_told_otherwise(run_folder, sample, tmp_path):
    settings = {"epochs": 2, "batch_size": 8, "learning_rate": 3e-3, "averaging": None, "seed": 3}
    options = TrainingOptions(**settings, limit=96, dev_limit=24, recipe="blog", tune="dev")
    encoder = EncoderFolder.open(sample, weights_required=False)
    lines = []
    train(sample, encoder, tmp_path / "run", options, progress=False, report=lines.append)
    calibration = RelationExtractor.load(tmp_path / "run").calibration
    assert calibration.measured["texts"] == 24
    assert lines[-1].startswith("Threshold ")
    assert not (run_folder / THRESHOLDS).exists()  # the original script's recipe tunes none
