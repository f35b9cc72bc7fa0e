"""A killed and resumed run ends bit-identical to an uninterrupted one."""

import json
import random
import re
import shutil
import signal
import time

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

#: CasRel has the fastest graph, and draws a random subject for each text and step.
OPTIONS = {
    "model": "casrel",
    "epochs": 3,
    "batch_size": 2,
    "learning_rate": 1e-3,
    "averaging": 0.9,
    "recipe": "blog",
    "limit": 24,
    "dev_limit": 6,
    "encoder_layers": 1,
    "warm_up": 20,
    "decay": "linear",
    "clip_norm": 5.0,
    "heads_rate": 2.0,
    "seed": 11,
}

#: The calls in which a run of 36 steps is killed, one after the other: a function, a word in its
#: arguments, and the step of the newest checkpoint then.
KILLS = [
    ("os.replace", "run.yaml", 0),
    ("os.replace", "step-00000005", 4),
    ("gplinker_tf.training.epoch_evaluation.evaluate_triples", "", 12),
    ("os.replace", "model.safetensors", 12),
]

SCORES = {
    f"{match}{name}": 0.0 for match in ("", "exact_") for name in ("precision", "recall", "f1")
} | {"found": 3, "gold": 3}

TRAIN = """
import json, os, pkgutil, signal, sys
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.training import TrainingOptions, train

sample, folder, options, minutes, *kill = sys.argv[1:]


def kill_within(function, word):
    owner, _, name = function.rpartition(".")
    owner = pkgutil.resolve_name(owner)
    whole = getattr(owner, name)

    def killed(*arguments):
        if word in str(arguments):
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*arguments)

    setattr(owner, name, killed)


if kill:
    kill_within(*kill)
train(
    DataFolder.open(sample),
    EncoderFolder.open(sample, weights_required=False),
    folder,
    TrainingOptions.of(json.loads(options)),
    progress=False,
    report=lambda line: None,
    resume=True,
    checkpoint_minutes=float(minutes),
)
"""


@pytest.fixture
def start(forks, sample):
    """A function that starts a run in a folder, in a process that can be killed."""

    def begin(folder, minutes, *kill, **changes):
        return forks.start(TRAIN, sample, folder, json.dumps(OPTIONS | changes), minutes, *kill)

    return begin


def results(folder):
    """Return the results in a run folder, without the times."""
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


def test_kills_change_nothing(start, tmp_path):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    assert start(undisturbed, 10).wait() == 0
    for function, word, step in KILLS:
        assert start(killed, 0.0, function, word).wait() == -signal.SIGKILL
        assert newest_step(killed) == step
    process, step = start(killed, 0.0), random.randint(13, 20)
    deadline = time.monotonic() + 120
    while newest_step(killed) < step and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(random.random() * 0.05)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert step <= newest_step(killed) < 36
    assert start(killed, 10).wait() == 0
    assert_same_results(killed, undisturbed)
    assert not list(killed.rglob("*.unfinished"))


def newest_step(folder):
    """The step of the newest checkpoint in a run folder."""
    paths = folder.glob("checkpoints/step-*.safetensors")
    return max((int(path.stem[5:]) for path in paths), default=0)


def small(**changes):
    return TrainingOptions.of(OPTIONS | {"limit": 12, "epochs": 2, "dev_limit": 3} | changes)


@pytest.fixture(scope="module")
def told_of_whole(sample, tmp_path_factory):
    """An uninterrupted small run, with a checkpoint after each step, and its report."""
    folder, lines = tmp_path_factory.mktemp("whole") / "run", []
    run(sample, folder, small(), checkpoint_minutes=0.0, report=lines.append)
    return folder, lines


@pytest.fixture(scope="module")
def whole(told_of_whole):
    return told_of_whole[0]


@pytest.fixture
def ended(whole, tmp_path):
    """A copy of that run, which tests may change."""
    return shutil.copytree(whole, tmp_path / "run")


def test_ctrl_c_then_resume(sample, tmp_path, monkeypatch, whole):
    """Ctrl-C in the middle of an epoch, without a checkpoint before it."""
    batch_ends, options = [], small()

    def interrupt(self, batch, logs=None):
        batch_ends.append(batch)
        if len(batch_ends) == 9:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("gplinker_tf.training.TerminateOnNonFinite.on_train_batch_end", interrupt)
        assert run(sample, tmp_path / "run", options).interrupted
    assert newest_step(tmp_path / "run") == 9
    lines = []
    result = run(sample, tmp_path / "run", options, resume=True, report=lines.append)
    assert any("Resumed at step 9" in line for line in lines)
    assert len(result.records) == 2
    assert_same_results(tmp_path / "run", whole)


@in_one_generation
def test_a_run_that_has_ended_goes_on_when_it_is_given_more_epochs(sample, ended):
    lines = []
    more = run(sample, ended, small(epochs=3), resume=True, report=lines.append)
    assert [record["epoch"] for record in more.records] == [1, 2, 3]
    assert [line[:8] for line in lines if line.startswith("epoch ")] == ["epoch 3:"]


@in_one_generation
def test_a_run_that_is_out_of_patience_stays_so(sample, tmp_path, monkeypatch):
    folder, options = tmp_path / "run", small(epochs=5, patience=1, initial_score=-7.0)
    scores = iter([0.5, 0.5, 0.4, 0.4])  # one for the record and one for the logs of each epoch
    monkeypatch.setattr(
        "gplinker_tf.training.epoch_evaluation.scores_of",
        lambda evaluation: {**SCORES, "f1": next(scores)},
    )
    assert len(run(sample, folder, options).records) == 2
    before = (folder / "history.jsonl").read_bytes()
    assert len(run(sample, folder, options, resume=True).records) == 2
    assert (folder / "history.jsonl").read_bytes() == before


@in_one_generation
def test_one_checkpoint_stays_and_is_told_of(told_of_whole):
    folder, lines = told_of_whole
    assert len(list((folder / "checkpoints").iterdir())) == 1
    told = r"checkpoints \(\d+ MB\) is only needed to continue with more --epochs"
    assert re.search(told, lines[-1])


@in_one_generation
def test_ctrl_c_while_an_epoch_is_saved(sample, tmp_path, monkeypatch, whole):
    """The previous checkpoint is kept, and the epoch is evaluated again."""
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


@in_one_generation
def test_what_cannot_be_resumed_says_so(sample, ended):
    before = (ended / "model.safetensors").read_bytes()
    with pytest.raises(InputError, match=r"Expected learning_rate=0\.001.*learning_rate=0\.5"):
        run(sample, ended, small(learning_rate=0.5), resume=True)
    for path in (ended / "checkpoints").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"no checkpoints, but .*model.safetensors"):
        run(sample, ended, small(), resume=True)
    assert (ended / "model.safetensors").read_bytes() == before


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


@in_one_generation
def test_files_are_compared_by_content_whatever_their_names(sample, ended, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for name in ("train_data.json", "dev_data.json"):
        shutil.copy(sample / name, data / name.replace("_data", ""))
    shutil.copy(sample / "all_50_schemas", data / "schema.json")
    files = DataFolder.open(data), EncoderFolder.open(sample, weights_required=False)
    quiet = {"report": lambda line: None, "progress": False, "resume": True}
    assert len(train(*files, ended, small(), **quiet).records) == 2
    lines = (data / "dev.json").read_text("utf-8").splitlines(keepends=True)
    (data / "dev.json").write_text("".join(lines[1:]), "utf-8")
    with pytest.raises(InputError, match=r"Expected dev\.json as it was"):
        train(*files, ended, small(), **quiet)


@in_one_generation
def test_a_damaged_checkpoint_leaves_the_one_before_it(sample, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    with monkeypatch.context() as patched:  # as if the run had been killed before its end
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
sys.path.insert(0, "tests/training")
from pathlib import Path
from test_resume import run, small


def report(line):
    print(line, flush=True)
    if line.startswith("epoch 1"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))


run(Path(sys.argv[1]), Path(sys.argv[2]), small(epochs=3), report=report)
"""


@in_one_generation
def test_a_full_disk_keeps_what_is_whole(forks, sample, tmp_path):
    """A limit on file size from the second epoch on makes writes fail, like a full disk."""
    folder = tmp_path / "run"
    ran = forks.start(FULL_DISK, sample, folder)
    assert ran.wait() == 1
    assert "The checkpoint at step 12 cannot be written (File too large)" in ran.stdout
    assert "the last complete checkpoint is kept" in ran.stdout
    assert newest_step(folder) == 6
    assert "epoch 2 cannot be saved (File too large). Free some space" in ran.stderr
    assert not list(folder.rglob("*.unfinished"))


@in_one_generation
def test_two_runs_in_one_folder(sample, start, tmp_path):
    long = {"epochs": 1000}  # so that the first run does not end before the second starts
    process = start(tmp_path / "run", 10, **long)
    while not (tmp_path / "run" / ".lock").exists():
        time.sleep(0.01)
    try:
        with pytest.raises(InputError, match="no other run is writing to"):
            run(sample, tmp_path / "run", TrainingOptions.of(OPTIONS | long), resume=True)
    finally:
        process.kill()
        process.wait()
