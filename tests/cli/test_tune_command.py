"""`gplinker tune`, and what `evaluate` reports about its thresholds."""

import shutil

import pytest
from typer.testing import CliRunner

from gplinker_tf.calibration import (
    RELIABILITY,
    THRESHOLD_CURVE,
    THRESHOLDS,
    read_calibration,
)
from gplinker_tf.cli.app import app
from gplinker_tf.data import DataFolder

pytestmark = pytest.mark.slow


def gplinker(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def run(run_folder, tmp_path):
    return shutil.copytree(run_folder, tmp_path / "run")


@pytest.fixture
def texts(sample, tmp_path):
    """Held-out texts: the lines after the run's limit."""
    lines = (sample / "train_data.json").read_text("utf-8").splitlines()[200:260]
    path = tmp_path / "tuning.json"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_tune_keeps_thresholds_which_evaluate_uses_until_they_are_deleted(run, texts, sample):
    before = gplinker("evaluate", run, "--data", texts)
    assert "Using threshold 0; gplinker tune may find a better one" in before.stderr
    tuned = gplinker("tune", run, "--data", texts, "--min-precision", 0.02)
    assert tuned.exit_code == 0, tuned.output
    predicates = DataFolder.open(sample).read_schema().predicates
    calibration = read_calibration(run, predicates)
    assert calibration.threshold < 0 and not calibration.by_predicate
    assert f"with {calibration.measured['annotated']:,} triples: threshold" in tuned.stdout
    assert "threshold 0 " in tuned.stdout and "tuned, cross-validated " in tuned.stdout
    assert "expected calibration error" in tuned.stdout
    assert "Fewer than 300 triples" in tuned.stdout
    assert f"{run / THRESHOLDS}; delete this file to use threshold 0 again" in tuned.stdout
    for name in (THRESHOLD_CURVE, RELIABILITY):
        assert (run / name).is_file()
    after = gplinker("evaluate", run, "--data", texts)
    assert f"Using threshold {calibration.threshold:g}, from thresholds.json" in after.stderr
    at_zero = gplinker("evaluate", run, "--data", texts, "--threshold", 0)
    assert "Using threshold 0\n" in at_zero.stderr
    assert at_zero.stdout == before.stdout != after.stdout
    (run / THRESHOLDS).unlink()
    assert gplinker("evaluate", run, "--data", texts).stdout == before.stdout


def test_tune_refuses_training_texts_and_warns_of_dev_texts(run, sample):
    refused = gplinker("tune", run, "--data", sample / "train_data.json")
    assert refused.exit_code == 2 and not (run / THRESHOLDS).exists()
    assert "the run's training file" in refused.stderr and "gplinker split" in refused.stderr
    warned = gplinker("tune", run, "--data", sample / "dev_data.json", "--limit", 60)
    assert warned.exit_code == 0, warned.output
    assert "the run's dev file" in warned.stderr and (run / THRESHOLDS).exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--min-precision", "0.9999"], "Ask for less, tune on more texts"),
        (["--min-precision", "90"], "between 0 and 1. Received: min_precision=90"),
        (["--min-precision", "0.9", "--per-predicate"], "Received: both"),
        (["--limit", "2"], "at least 5 texts"),
    ],
)
def test_what_can_not_be_tuned_leaves_the_run_alone(run, texts, options, message):
    refused = gplinker("tune", run, "--data", texts, *options)
    assert refused.exit_code == 2 and message in refused.stderr.replace("\n", " ")
    assert not (run / THRESHOLDS).exists() and "Traceback" not in refused.output


def test_the_help_teaches():
    text = " ".join(gplinker("tune", "--help").output.split())
    for words in ("precision", "thresholds.json", "Example: gplinker tune run --data"):
        assert words in text
