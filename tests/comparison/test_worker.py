"""A worker, with a real process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gplinker_tf import InputError
from gplinker_tf.comparison._jobs import in_new_process, train_run
from gplinker_tf.comparison._runs import Runs
from gplinker_tf.comparison.worker import Worker, _end_of_process
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder

pytestmark = pytest.mark.slow


def test_one_process_answers_question_after_question():
    with Worker(GPLINKER_ANSWER="42") as worker:
        first = worker.call(os.getpid)
        assert first == worker.call(os.getpid) != os.getpid()
        assert worker.call(os.getenv, "GPLINKER_ANSWER") == "42"
        with pytest.raises(RuntimeError, match=r"Traceback[^$]*ZeroDivisionError"):
            worker.call(divmod, 1, 0)
        with pytest.raises(FileNotFoundError):
            worker.call(os.stat, "no_such_file")
        assert worker.call(divmod, 7, 2) == (3, 1)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_process_that_ends_is_told_apart():
    with Worker() as worker, pytest.raises(RuntimeError, match="exit code 3"):
        worker.call(os._exit, 3)
    with Worker() as worker, pytest.raises(MemoryError, match="SIGKILL ended the process"):
        worker.call(signal.raise_signal, signal.SIGKILL)
    assert "exit code 1" in str(_end_of_process(1))


def test_an_interrupt_is_passed_on_and_awaited(tmp_path):
    """If the waiting process is interrupted or killed, the worker process is interrupted once."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from gplinker_tf.comparison.worker import Worker\n"
        "from work import work\n"
        "if __name__ == '__main__':\n"
        "    with Worker() as worker:\n"
        "        worker.call(work, *sys.argv[1:])\n"
    )
    (tmp_path / "work.py").write_text(
        "import os, time\n"
        "from pathlib import Path\n"
        "def work(folder):\n"
        "    Path(folder, 'began').touch()\n"
        "    try:\n"
        "        time.sleep(60)\n"
        "    except KeyboardInterrupt:\n"
        "        time.sleep(0.3)\n"
        "        Path(folder, 'checkpoint').touch()\n"
        "        raise\n"
    )
    for number in (signal.SIGINT, signal.SIGKILL):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = os.environ | {"PYTHONPATH": paths}
        process = subprocess.Popen(
            [sys.executable, script, folder],
            env=environment,
            stderr=subprocess.DEVNULL,
            # A shell starts background processes with SIGINT ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        _wait_for(folder / "began")
        process.send_signal(number)
        code = process.wait(timeout=60)
        assert code == -number or (number == signal.SIGINT and code)
        assert number == signal.SIGKILL or (folder / "checkpoint").exists()
        _wait_for(folder / "checkpoint")


def _wait_for(path: Path):
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_module_in_the_current_folder_is_not_taken_for_a_library(
    sample, encoder, tmp_path, monkeypatch
):
    (tmp_path / "yaml.py").write_text("raise ImportError('not the library')\n")
    run = Runs(tmp_path, {"epochs": 1}).run("casrel", 1)
    data = DataFolder(Path("no_such_file.json"), Path("no_such_file.json"), None)
    folders = data, EncoderFolder.open(encoder)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no_such_file"):
        in_new_process(train_run, run, *folders)
