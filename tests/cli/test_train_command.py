"""`gplinker train`: a configuration repeats a run bit for bit; a dry run writes nothing."""

import json

import numpy as np
import pytest
import yaml
from encoders.tiny_bert import write_for_vocabulary
from safetensors.numpy import load_file
from typer.testing import CliRunner

from gplinker_tf.cli.app import app

pytestmark = pytest.mark.slow

LIMITS = ("--batch-size", 4, "--limit", 8, "--dev-limit", 4, "--max-length", 48)


def train(*arguments):
    return CliRunner().invoke(app, ["train", *map(str, arguments)])


@pytest.fixture
def places(sample, tmp_path):
    """The sample corpus, and a BERT with random weights and the corpus's vocabulary."""
    encoder = write_for_vocabulary(tmp_path / "encoder", sample / "vocab.txt", positions=48)
    return "--data", sample, "--encoder", encoder


def records(folder):
    rows = [json.loads(line) for line in (folder / "history.jsonl").open()]
    return [{name: row[name] for name in row if "seconds" not in name} for row in rows]


def test_a_configuration_repeats_a_run(places, tmp_path):
    first, again = tmp_path / "first", tmp_path / "again"
    sizes = ("--model", "casrel", "--epochs", 1, "--encoder-layers", 1)
    options = (*sizes, "--learning-rate", 0.01, "--warm-up", 1)
    others = "--tensorboard", tmp_path / "logs", "--encoder-family", "roberta"
    result = train(*places, *LIMITS, *options, *others, "--averaging", "none", "--output", first)
    assert result.exit_code == 0, result.output
    assert list((tmp_path / "logs" / "validation").glob("events.*"))
    config = yaml.safe_load((first / "run.yaml").read_text("utf-8"))
    assert config["learning_rate"] == 0.01 and config["averaging"] is None
    assert config["model"] == "casrel"
    assert json.loads((first / "config.json").read_text("utf-8"))["model"] == "casrel"
    assert config["encoder_family"] == "roberta"
    assert config["seed"] == 42 and "tensorflow" in config["versions"]
    assert len(config["sha256"]["train_data.json"]) == 64

    result = train("--config", first / "run.yaml", "--output", again)
    assert result.exit_code == 0, result.output
    assert yaml.safe_load((again / "run.yaml").read_text("utf-8")) == config
    assert records(again) == records(first)
    weights, other = (load_file(folder / "model.safetensors") for folder in (first, again))
    for name, array in weights.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)

    # The command line takes precedence over the file; a dry run writes nothing.
    new = tmp_path / "new"
    result = train("--config", first / "run.yaml", "--epochs", 3, "--dry-run", "--output", new)
    assert result.exit_code == 0, result.output
    assert "8 texts to train on, 4 to evaluate on" in result.output and "6 steps" in result.output
    assert "training triples can't be learned" in result.output
    assert "of memory" in result.output and not new.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epoch: 3", "expected one of"),
        ("- 3", "expected `name: value` lines"),
        ("epochs: [", "expected YAML"),
        ("epochs: many", "Invalid value for '--epochs'"),
        ("patience: 0", "patience=0"),
    ],
)
def test_a_configuration_that_cannot_be_used(places, tmp_path, text, message):
    path = tmp_path / "run.yaml"
    path.write_text(text)
    result = train(*places, "--config", path, "--dry-run", "--output", tmp_path / "run")
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split()), result.output


def test_options_of_another_model_are_refused(places, tmp_path):
    config = tmp_path / "run.yaml"
    config.write_text("model: casrel\n")
    result = train(*places, "--config", config, "--head-size", 32, "--output", tmp_path / "run")
    assert result.exit_code == 2
    assert "Expected no head_size: model='casrel' has no such option" in " ".join(
        result.output.split()
    )


def test_tensorboard_that_is_not_installed_is_named_first(tmp_path, monkeypatch):
    monkeypatch.setattr("gplinker_tf.extras.is_there", lambda module: False)
    nowhere = (
        "--data",
        tmp_path / "data",
        "--encoder",
        tmp_path / "bert",
        "--output",
        tmp_path / "run",
    )
    result = train(*nowhere, "--tensorboard", tmp_path / "logs")
    assert result.exit_code != 0
    assert "pip install 'gplinker_tf[tensorboard]'" in str(result.exception) + result.output
