"""A student learns from its teacher's scores, and its run is like any other."""

import shlex
import shutil

import numpy as np
import pytest
import yaml
from reference import in_one_generation
from safetensors.numpy import load_file
from tiny import tiny_batch, tiny_casrel, tiny_model
from typer.testing import CliRunner

from gplinker_tf import GPLinker, InputError, RelationExtractor, TrainingOptions
from gplinker_tf.backend import keras, tf
from gplinker_tf.calibration import Calibration, write_calibration
from gplinker_tf.cli.app import app
from gplinker_tf.compression import prepare_distillation
from gplinker_tf.compression.teacher_labels import label_texts
from gplinker_tf.data import read_examples, read_texts
from gplinker_tf.models import RelationModel
from gplinker_tf.runs import read_run_config, write_run_config


@pytest.mark.slow
def test_a_student_gets_its_teachers_scores():
    teacher, student = tiny_model(seed=0), tiny_model(seed=1)
    student.encoder.set_weights(teacher.encoder.get_weights())
    (inputs, labels), rng = tiny_batch(), np.random.default_rng(0)
    for weight in teacher.trainable_weights:
        weight.assign(weight + rng.normal(0, 0.2, weight.shape))
    weights = len(student.trainable_weights)
    student.compile(keras.optimizers.Adam(0.03), teacher=teacher)
    assert len(student.trainable_weights) == weights  # the teacher's are not among them

    def difference():
        taught, learned = (model(inputs)["head"] for model in (teacher, student))
        known = tf.math.is_finite(taught) & (taught > -3.0)
        return float(tf.reduce_mean(tf.abs(taught - learned)[known]))

    before = difference()
    student.fit(
        tf.data.Dataset.from_tensors((inputs, labels)).repeat(), steps_per_epoch=60, verbose=0
    )
    assert difference() < 0.3 * before
    with pytest.raises(ValueError, match="of the same kind"):
        student.compile("adam", teacher=tiny_casrel())


@pytest.fixture(scope="module")
def corpus(sample, tmp_path_factory):
    path = tmp_path_factory.mktemp("texts") / "unlabeled.txt"
    examples = read_examples(sample / "train_data.json", limit=40)
    path.write_text("\n".join(example.text for example in examples), "utf-8")
    return path


@pytest.fixture(scope="module")
def teacher(run_folder, low_threshold, tmp_path_factory):
    """A run with a threshold at which it finds triples."""
    folder = tmp_path_factory.mktemp("teacher") / "run"
    shutil.copytree(run_folder, folder)
    write_calibration(folder, Calibration(threshold=low_threshold))
    return folder


def distill(run, corpus, output, *more):
    options = ["--layers", "1", "--batch-size", "8", "--learning-rate", "0.01"]
    places = [str(run), "--data", str(corpus), "--output", str(output)]
    return CliRunner().invoke(app, ["distill", *places, *options, *map(str, more)])


@in_one_generation
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The model finds")  # its teacher has learned little
def test_a_students_run(teacher, corpus, tmp_path):
    whole, resumed = tmp_path / "whole", tmp_path / "resumed"
    result = distill(teacher, corpus, whole, "--epochs", 2)
    assert result.exit_code == 0, result.output
    assert "layer 1 of 2" in result.output and "initial score" not in result.output
    assert RelationExtractor.load(whole).encoder_config["num_hidden_layers"] == 1
    config = yaml.safe_load((whole / "run.yaml").read_text("utf-8"))
    assert config["teacher"] == str(teacher.resolve()) and config["layers"] == [0]
    labels = read_examples(whole / "teacher_labels" / "dev.jsonl")
    assert len(labels) == 2 and len((whole / "history.jsonl").read_text().splitlines()) == 2

    # An interrupted run continues with --resume and ends with the same weights; the command is
    # the one that the other run records for repeating it.
    options = TrainingOptions(epochs=2, batch_size=8, learning_rate=0.01)
    plan = prepare_distillation(
        teacher, read_texts(corpus), resumed, 1, options, progress=False, report=print
    )
    assert plan.fit(callbacks=[Stop()], progress=False, checkpoint_minutes=0).interrupted
    again = shlex.split((whole / "run.yaml").read_text("utf-8").splitlines()[0])
    places = {"NEW": str(resumed), "run.yaml": str(whole / "run.yaml")}
    command = [places.get(word, word) for word in again[2:]]
    result = CliRunner().invoke(app, [*command, "--resume"])
    assert result.exit_code == 0 and "Resumed at step 7" in result.output, result.output
    weights, others = (load_file(folder / "model.safetensors") for folder in (whole, resumed))
    for name, array in weights.items():
        np.testing.assert_array_equal(array, others[name], err_msg=name)
    assert distill(teacher, corpus, whole, "--epochs", 2).exit_code == 2  # not empty


class Stop(keras.callbacks.Callback):
    """A simulated Ctrl-C in the second epoch."""

    def on_train_batch_end(self, batch, logs=None):
        if self.model.optimizer.iterations == 7:
            raise KeyboardInterrupt


@pytest.mark.slow
@in_one_generation
@pytest.mark.filterwarnings("ignore:The model finds")  # its teacher has learned little
def test_labels_are_kept_for_a_resumed_run_alone(teacher, sample, tmp_path):
    texts = [example.text for example in read_examples(sample / "train_data.json", limit=40)]
    extractor, other = RelationExtractor.load(teacher), RelationExtractor.load(teacher)
    other.calibration = Calibration(threshold=other.calibration.threshold + 1)

    def labels(of, keep):
        found = label_texts(of, texts, tmp_path / "labels", progress=False, keep=keep)
        return [example.triples for example in read_examples(found.train)]

    first = labels(extractor, keep=False)
    assert labels(other, keep=True) == first != labels(other, keep=False)


def test_train_refuses_a_students_configuration(tmp_path):
    config = {"data": "labels", "teacher": "run a", "layers": [0, 2], "sha256": {"t": 1, "d": 2}}
    write_run_config(tmp_path, config)
    first = (tmp_path / "run.yaml").read_text("utf-8").splitlines()[0]
    assert first == (
        "# gplinker distill 'run a' --data labels/t --data labels/d --layers 2 --config run.yaml "
        "--output NEW"
    )
    with pytest.raises(InputError, match="Its first line is the command"):
        read_run_config(tmp_path / "run.yaml", [])
    assert read_run_config(tmp_path / "run.yaml", [], student=True) == {}


@pytest.mark.slow
def test_who_can_not_teach(run_folder, tmp_path, monkeypatch):
    teacher = shutil.copytree(run_folder, tmp_path / "teacher")
    with pytest.raises(InputError, match="other than the run folder"):
        prepare_distillation(run_folder, [], run_folder, 1)
    with pytest.raises(InputError, match=r"at least 20 different texts\. Received: 2 texts"):
        prepare_distillation(run_folder, ["a", "b", "a", " "], tmp_path / "few", 1)
    write_calibration(teacher, Calibration(threshold=99.0))
    with pytest.raises(InputError, match="none in 19 texts"):
        prepare_distillation(teacher, map(str, range(20)), tmp_path / "new", 1, progress=False)
    monkeypatch.setattr(GPLinker, "can_learn_from", RelationModel.can_learn_from)
    with pytest.raises(InputError, match="gplinker train --encoder-layers 3"):
        prepare_distillation(run_folder, [], tmp_path / "none")
