"""`gplinker compare` in real processes: it continues after a kill, and refuses to run twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from compared import SETTINGS, VARIANTS
from filelock import FileLock
from reference import in_one_generation
from typer.testing import CliRunner

from gplinker_tf.cli.app import app

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RUN = "gplinker-efficient-seed-1"


@pytest.fixture
def arguments(sample, encoder, output, tmp_path):
    """Some options in a file, some on the command line."""
    config = tmp_path / "settings.yaml"
    config.write_text("learning_rate: 3e-3\naveraging: null\nlimit: 48\nheads_rate: 1\nepochs: 9\n")
    options = {name: SETTINGS[name] for name in SETTINGS if "rat" not in name and "ave" not in name}
    del options["limit"]
    places = {"data": sample, "encoder": encoder, "output": output, "config": config}
    models = {"models": ",".join(VARIANTS)}
    pairs = {**places, **options, **models}.items()
    words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in pairs]
    return ["table", *(word for pair in words for word in pair), "--no-measure"]


def table(arguments, *more):
    return CliRunner().invoke(app, [*arguments, *more])


def contents(folder):
    return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.iterdir() if p.is_file()}


def records(folder):
    rows = [json.loads(line) for line in (folder / "history.jsonl").open()]
    return [{name: row[name] for name in row if "seconds" not in name} for row in rows]


def wait_for(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@in_one_generation
def test_a_killed_table_goes_on(arguments, output, trained):
    finished, killed = output / "runs" / "casrel-seed-1", output / "runs" / RUN
    for path in [*killed.glob("checkpoints/*"), *(p for p in killed.iterdir() if p.is_file())]:
        path.unlink()
    before = contents(finished)
    process = subprocess.Popen(
        [sys.executable, "-m", "gplinker_tf", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        wait_for((killed / ".lock").exists)
        second = table(arguments)
        assert second.exit_code == 2 and "no other run is writing to" in second.output
        wait_for(lambda: any(killed.glob("checkpoints/step-*.safetensors")))
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with FileLock(killed / ".lock", timeout=60):  # its child process notices, and ends too
        pass
    assert not (killed / "history.jsonl").exists()

    result = table(arguments)
    assert result.exit_code == 0, result.output
    assert "run 1 of 2: casrel, seed 1: finished" in result.output
    assert "run 2 of 2: gplinker-efficient, seed 1: continues" in result.output
    assert contents(finished) == before
    assert records(killed) == records(trained)
    rows = json.loads((output / "table.json").read_text("utf-8"))["rows"]
    assert [run["state"] for row in rows for run in row["runs"]] == ["finished"] * 4


def test_what_cannot_be_used_is_said_first(arguments, output, sample, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("train_data.json", "all_50_schemas"):
        (folder / name).write_bytes((sample / name).read_bytes())
    before = sorted(output.rglob("*"))
    result = table(arguments, "--data", folder)
    assert result.exit_code == 2 and "Expected dev_data.json" in result.output
    for words, message in [
        (("--models", "gplink"), "Expected one of casrel"),
        (("--max-length", 1), "max_length=1"),
        (("--learning-rate", 0.5), "Expected learning_rate=0.003"),
    ]:
        result = table(arguments, *map(str, words))
        assert result.exit_code == 2 and message in " ".join(result.output.split())
    assert sorted(output.rglob("*")) == before
    (tmp_path / "settings.yaml").write_text("warm_up: many\n")
    result = table(arguments)
    assert result.exit_code == 2 and "Received: warm_up='many'" in result.output
    (tmp_path / "settings.yaml").write_text("warm_up: 0.1\n")
    assert "Received: warm_up=0.1" in table(arguments).output


def test_a_failure_ends_with_a_code_of_its_own(arguments, output, monkeypatch):
    def ask(*arguments):
        raise MemoryError("killed")

    monkeypatch.setattr("gplinker_tf.comparison._table.in_new_process", ask)
    result = table(arguments, "--seeds", "3", "--strategy", "mirrored")
    assert result.exit_code == 1
    assert "failed: casrel-seed-3, gplinker-efficient-seed-3" in result.output
