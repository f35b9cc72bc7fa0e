"""Commands that write a file: links are followed, modes are kept, pipes are written to."""

import errno
import os
import stat
import threading

import pytest
from typer.testing import CliRunner

from gplinker_tf.cli.app import app

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("loaded_once")]

MODE = 0o640


def gplinker(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def commands(run_folder, sample, tmp_path):
    """For each command, its call with the folder to write to, and the file that it writes."""
    script = tmp_path / "old.py"
    script.write_text("import keras\n")
    lines = (sample / "dev_data.json").read_text("utf-8").splitlines(keepends=True)[:4]
    data = tmp_path / "few.json"
    data.write_text("".join(lines), "utf-8")
    return {
        "evaluate": (
            lambda folder: ("evaluate", run_folder, "--data", data, "--predictions", folder / "f"),
            "f",
        ),
        "report": (
            lambda folder: ("report", run_folder, "--data", data, "--output", folder),
            "report.html",
        ),
        "audit": (
            lambda folder: (
                *("audit", "--data", sample, "--encoder", sample, "--examples", 0),
                *("--output", folder / "f"),
            ),
            "f",
        ),
        "split": (
            lambda folder: ("split", data, "--output", folder, "--overwrite"),
            "dev.json",
        ),
        "migrate": (
            lambda folder: ("migrate", script, "--output", folder / "f", "--overwrite"),
            "f",
        ),
    }


@pytest.mark.parametrize("name", ["evaluate", "report", "audit", "split", "migrate"])
def test_what_stands_at_the_path_stays_what_it_is(commands, name, tmp_path):
    call, file = commands[name]
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    path, target = folder / file, elsewhere / "target"

    target.write_text("old")
    target.chmod(MODE)
    path.symlink_to(target)
    gplinker(*call(folder))
    assert path.is_symlink() and not target.is_symlink()
    written = target.read_bytes()
    assert len(written) > 20 and b"old" not in written[:4]
    assert stat.S_IMODE(target.stat().st_mode) == MODE
    assert [found.name for found in elsewhere.iterdir()] == ["target"]
    assert not list(folder.glob("*unfinished*"))

    path.unlink()
    os.mkfifo(path)
    read = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()), daemon=True)
    reader.start()
    gplinker(*call(folder))
    reader.join(10)
    assert read == [written] and stat.S_ISFIFO(path.stat().st_mode)


@pytest.mark.parametrize("name", ["evaluate", "audit", "migrate"])
def test_a_folder_in_the_place_of_a_file(commands, name, tmp_path):
    call, file = commands[name]
    (tmp_path / "out" / file).mkdir(parents=True)
    result = CliRunner().invoke(app, [str(argument) for argument in call(tmp_path / "out")])
    assert result.exit_code == 2 and "which is a folder" in result.stderr


def test_a_full_disk_is_said_without_a_traceback(commands, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "f").write_text("old")
    call, _ = commands["migrate"]
    result = CliRunner().invoke(app, [str(argument) for argument in call(tmp_path)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "gplinker: [Errno 28] No space left on device\n"
    assert (tmp_path / "f").read_text() == "old"
