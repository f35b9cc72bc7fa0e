"""A piece of work in a process of its own, which ends when this one does."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

#: How a piece of work can fail, as `ChildFailure.kind` names it.
BAD_INPUT, NO_MEMORY, NO_ROOM, CRASH = "input", "memory", "room", "crash"

#: What a full disk, a full quota and a limit on files say.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: Exit code after Ctrl-C.
INTERRUPTED = 130

#: What ends a process whose memory runs out: the system, or TensorFlow in want of it.
SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)


class ChildFailure(Exception):
    """The work failed.

    Args:
        kind: one of the four above.
        message: why, in words.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def ask_child(work: str, **arguments: Any) -> Any:
    """Does a work of `gplinker_tf.comparison._worker` in a new process, whose output is shown.

    Nothing is left of it afterwards, and its memory is its own. On Ctrl-C it is told to stop, and
    awaited: a training writes a checkpoint. It is told by the end of its standard input, which
    comes as well when this process is killed. A second Ctrl-C ends it at once.

    Args:
        work: the name.
        **arguments: what the work takes; plain values.

    Returns:
        What the work returns.

    Raises:
        ChildFailure: it failed, or its process was killed.
        KeyboardInterrupt: it was interrupted.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        # In a session of its own, so that the terminal's Ctrl-C does not reach it a second time.
        process = subprocess.Popen(
            [sys.executable, "-c", _start(), work, json.dumps(arguments), answer],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            process.wait()
        except KeyboardInterrupt:
            _stop(process)
            raise
        finally:
            _end_input(process)
        return _result(process.returncode, answer)


def _start() -> str:
    """Python that begins the child, which imports what this process would.

    `python -m` would look into the current folder first, where a `yaml.py` may be.
    """
    begin = "from gplinker_tf.comparison._worker import main; main()"
    return f"import sys; sys.path[:] = {sys.path!r}; {begin}"


def _end_input(process: subprocess.Popen) -> None:
    if process.stdin is not None:
        process.stdin.close()


def _stop(process: subprocess.Popen) -> None:
    _end_input(process)
    try:
        process.wait()
    except KeyboardInterrupt:
        process.kill()
        process.wait()


def _result(exit_code: int, answer: Path) -> Any:
    if exit_code == INTERRUPTED:
        raise KeyboardInterrupt
    if -exit_code in SIGNALS:
        name = signal.Signals(-exit_code).name
        raise ChildFailure(NO_MEMORY, f"{name} ended its process, perhaps for lack of memory")
    if not answer.is_file():
        raise ChildFailure(CRASH, f"its process ended with exit code {exit_code}")
    reply = json.loads(answer.read_text("utf-8"))
    if "failure" in reply:
        raise ChildFailure(*reply["failure"])
    return reply["result"]
