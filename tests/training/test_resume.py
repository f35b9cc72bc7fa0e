"""A run that was killed ends as one that was not, bit for bit."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import yaml
from reference import in_one_generation
from safetensors.numpy import load_file
from test_trainer import run

from gplinker_tf import InputError
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.runs import expect_same_run, read_run_config
from gplinker_tf.training import TrainingOptions, train

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OPTIONS = {
    "epochs": 4,
    "batch_size": 2,
    "learning_rate": 1e-3,
    "averaging": 0.9,
    "recipe": "blog",
    "limit": 100,
    "dev_limit": 6,
    "head_size": 8,
    "encoder_layers": 1,
    "warm_up": 20,
    "decay": "linear",
    "clip_norm": 5.0,
    "heads_rate": 2.0,
    "seed": 11,
}

#: At random moments of 200 steps.
KILLS = 12

SCORES = {
    f"{match}{name}": 0.0 for match in ("", "exact_") for name in ("precision", "recall", "f1")
} | {"found": 3, "gold": 3}

#: Loads TensorFlow once; each run is a fork of it that can be killed.
SERVER = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, sys.argv[1])
import gplinker_tf.training.trainer
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.runs import expect_same_run, read_run_config
from gplinker_tf.training import TrainingOptions, train

for line in sys.stdin:
    folder, options, minutes = json.loads(line)
    child = os.fork()
    if not child:
        sample = os.path.join(sys.argv[1], "gplinker_tf", "data", "sample")
        train(
            DataFolder.open(sample),
            EncoderFolder.open(sample, weights_required=False),
            folder,
            TrainingOptions.of(options),
            progress=False,
            report=lambda line: None,
            resume=True,
            checkpoint_minutes=minutes,
        )
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def start():
    """Starts a run in a folder: gives its process's number, and a function that awaits its end."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )

    def begin(folder, minutes, **changes):
        server.stdin.write(json.dumps([str(folder), OPTIONS | changes, minutes]) + "\n")
        server.stdin.flush()
        return int(server.stdout.readline()), lambda: int(server.stdout.readline())

    yield begin
    server.stdin.close()
    server.wait()


def results(folder):
    """All that a run leaves, without the times."""
    rows = [json.loads(line) for line in (folder / "history.jsonl").open()]
    for row in rows:
        del row["training_seconds"], row["evaluation_seconds"]
    return rows, load_file(folder / "model.safetensors"), (folder / "dev_pred.json").read_bytes()


def assert_same_results(folder, other):
    (rows, weights, found), (other_rows, other_weights, other_found) = map(results, (folder, other))
    assert rows == other_rows and found == other_found
    assert weights.keys() == other_weights.keys()
    for name, array in weights.items():
        np.testing.assert_array_equal(array, other_weights[name], err_msg=name)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the test forks")
def test_kills_change_nothing(start, tmp_path):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    _, end = start(undisturbed, 10)
    assert end() == 0
    rng = random.Random(5)
    for _ in range(KILLS):
        before = newest_step(killed)
        process, end = start(killed, 0.0)
        # Anywhere: at the start, within a step, while a checkpoint is written, in an evaluation.
        steps, deadline = rng.randrange(0, 9), time.monotonic() + 120
        while newest_step(killed) - before < steps and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(rng.random() * (0.05 if steps else 2.0))
        os.kill(process, signal.SIGKILL)
        assert end() == -signal.SIGKILL
        assert before + steps <= newest_step(killed) < 200
    _, end = start(killed, 10)
    assert end() == 0
    assert_same_results(killed, undisturbed)
    assert not list(killed.rglob("*.unfinished"))


def newest_step(folder):
    """The step of the newest checkpoint in a run folder."""
    paths = folder.glob("checkpoints/step-*.safetensors")
    return max((int(path.stem[5:]) for path in paths), default=0)


def small(**changes):
    return TrainingOptions.of(OPTIONS | {"limit": 12, "epochs": 2, "dev_limit": 3} | changes)


@pytest.fixture(scope="module")
def whole(sample, tmp_path_factory):
    """A small run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    run(sample, folder, small())
    return folder


def test_ctrl_c_then_resume(sample, tmp_path, monkeypatch, whole):
    """Ctrl-C in the middle of an epoch, without a checkpoint before it."""
    batch_ends = []

    def interrupt(self, batch, logs=None):
        batch_ends.append(batch)
        if len(batch_ends) == 9:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("gplinker_tf.training.TerminateOnNonFinite.on_train_batch_end", interrupt)
        assert run(sample, tmp_path / "run", small()).interrupted
    assert newest_step(tmp_path / "run") == 9
    lines = []
    result = run(sample, tmp_path / "run", small(), resume=True, report=lines.append)
    assert any("Resumed at step 9" in line for line in lines)
    assert len(result.records) == 2
    assert_same_results(tmp_path / "run", whole)
    # A run that has ended goes on when it is given more epochs.
    lines.clear()
    more = run(sample, tmp_path / "run", small(epochs=3), resume=True, report=lines.append)
    assert [record["epoch"] for record in more.records] == [1, 2, 3]
    assert [line[:8] for line in lines if line.startswith("epoch ")] == ["epoch 3:"]


@in_one_generation
def test_a_run_that_is_out_of_patience_stays_so(sample, tmp_path, monkeypatch):
    folder, options = tmp_path / "run", small(epochs=5, patience=1, initial_score=-7.0)
    scores = iter([0.5, 0.5, 0.4, 0.4])  # for the record, then for the logs
    monkeypatch.setattr(
        "gplinker_tf.training.epoch_evaluation.scores_of",
        lambda evaluation: {**SCORES, "f1": next(scores)},
    )
    assert len(run(sample, folder, options).records) == 2
    before = (folder / "history.jsonl").read_bytes()
    assert len(run(sample, folder, options, resume=True).records) == 2
    assert (folder / "history.jsonl").read_bytes() == before


def test_one_checkpoint_stays_and_is_told_of(sample, tmp_path):
    lines = []
    run(sample, tmp_path / "run", small(), checkpoint_minutes=0.0, report=lines.append)
    assert len(list((tmp_path / "run" / "checkpoints").iterdir())) == 1
    told = r"checkpoints \(\d+ MB\) is only needed to continue with more --epochs"
    assert re.search(told, lines[-1])


@in_one_generation
def test_ctrl_c_while_an_epoch_is_saved(sample, tmp_path, monkeypatch, whole):
    """The checkpoint before it stays, and the epoch is evaluated again."""
    folder = tmp_path / "run"

    def interrupt(*arguments):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr("gplinker_tf.training.epoch_evaluation.write_predictions", interrupt)
    assert run(sample, folder, small()).interrupted
    assert not (folder / "history.jsonl").exists()
    result = run(sample, folder, small(), resume=True)
    assert [record["epoch"] for record in result.records] == [1, 2]
    assert_same_results(folder, whole)


def test_what_cannot_be_resumed_says_so(sample, tmp_path):
    folder = tmp_path / "run"
    run(sample, folder, small(epochs=1))
    before = (folder / "model.safetensors").read_bytes()
    with pytest.raises(InputError, match=r"Expected learning_rate=0\.001.*learning_rate=0\.5"):
        run(sample, folder, small(learning_rate=0.5), resume=True)
    for path in (folder / "checkpoints").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"no checkpoints, but .*model.safetensors"):
        run(sample, folder, small(epochs=1), resume=True)
    assert (folder / "model.safetensors").read_bytes() == before


@in_one_generation
@pytest.mark.parametrize(("format", "known"), [(None, True), (1, True), (2, True), (3, False)])
def test_a_later_packages_run_is_refused(tmp_path, format, known):
    config = {"epochs": 3, "sha256": {}, "data": "d", **({"format": format} if format else {})}
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config), "utf-8")
    reads = [
        lambda: expect_same_run(tmp_path, {"epochs": 3, "sha256": {}}),
        lambda: read_run_config(tmp_path / "run.yaml", ["epochs"]),
    ]
    for read in reads:
        if known:
            read()
        else:
            with pytest.raises(InputError, match=r"run\.yaml: expected .*format=3.* update"):
                read()


def test_files_are_compared_by_content_whatever_their_names(sample, tmp_path):
    folder, data = tmp_path / "run", tmp_path / "data"
    run(sample, folder, small(epochs=1))
    data.mkdir()
    for name in ("train_data.json", "dev_data.json"):
        shutil.copy(sample / name, data / name.replace("_data", ""))
    shutil.copy(sample / "all_50_schemas", data / "schema.json")
    files = DataFolder.open(data), EncoderFolder.open(sample, weights_required=False)
    quiet = {"report": lambda line: None, "progress": False, "resume": True}
    assert len(train(*files, folder, small(epochs=1), **quiet).records) == 1
    lines = (data / "dev.json").read_text("utf-8").splitlines(keepends=True)
    (data / "dev.json").write_text("".join(lines[1:]), "utf-8")
    with pytest.raises(InputError, match=r"Expected dev\.json as it was"):
        train(*files, folder, small(epochs=1), **quiet)


def test_a_damaged_checkpoint_leaves_the_one_before_it(sample, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    with monkeypatch.context() as patched:  # as if it had been killed before its end
        patched.setattr("gplinker_tf.training._checkpoint_keeper.CheckpointKeeper.close", list)
        run(sample, folder, small(), checkpoint_minutes=0.0)
    newest = folder / "checkpoints" / f"step-{newest_step(folder):08d}.safetensors"
    newest.write_bytes(newest.read_bytes()[:1000])
    left = [folder / "model.safetensors.unfinished", newest.with_suffix(".safetensors.unfinished")]
    for path in left:
        path.write_bytes(b"cut")
    lines = []
    run(sample, folder, small(), resume=True, report=lines.append)
    assert any("Resumed at step 11" in line for line in lines)
    assert not any(path.exists() for path in left)


FULL_DISK = """
import resource, sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests", sys.argv[1] + "/tests/training"]
from pathlib import Path
from test_resume import run, small

sample = Path(sys.argv[1]) / "gplinker_tf" / "data" / "sample"
lines = []


def report(line):
    lines.append(line)
    print(line, flush=True)
    if line.startswith("epoch 1"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))


run(sample, Path(sys.argv[2]), small(epochs=3), report=report)
"""


def test_a_full_disk_keeps_what_is_whole(tmp_path):
    """A limit on the size of files, from the second epoch on, fails writes as a full disk does."""
    folder = tmp_path / "run"
    command = [sys.executable, "-c", FULL_DISK, str(ROOT), folder, "20000"]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert "The checkpoint at step 12 cannot be written (File too large)" in ran.stdout
    assert "the last complete checkpoint is kept" in ran.stdout
    assert newest_step(folder) == 6
    assert ran.returncode != 0
    assert "epoch 2 cannot be saved (File too large). Free some space" in ran.stderr
    assert not list(folder.rglob("*.unfinished"))


def test_two_runs_in_one_folder(sample, start, tmp_path):
    long = {"epochs": 1000}  # so that the first does not end before the second begins
    process, end = start(tmp_path / "run", 10, **long)
    while not (tmp_path / "run" / ".lock").exists():
        time.sleep(0.01)
    try:
        with pytest.raises(InputError, match="no other run is writing to"):
            run(sample, tmp_path / "run", TrainingOptions.of(OPTIONS | long), resume=True)
    finally:
        os.kill(process, signal.SIGKILL)
        end()
