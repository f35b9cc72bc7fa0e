"""The other side of `ask_child`: one piece of work, then the end of the process."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from gplinker_tf._quiet import import_tensorflow
from gplinker_tf.comparison._processes import BAD_INPUT, FULL, INTERRUPTED, NO_MEMORY, NO_ROOM
from gplinker_tf.plugins import load_plugins


def main() -> None:
    """Does the work that the command line names: WORK ARGUMENTS ANSWER.

    It writes what the work returned, or why it failed, to the file ANSWER.
    """
    work, arguments, answer = sys.argv[1:]
    # A shell that starts a command in the background has it ignore interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_interrupt_at_the_end_of_input, daemon=True).start()
    try:
        Path(answer).write_text(json.dumps(reply_of(work, json.loads(arguments))), "utf-8")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def reply_of(work: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """`{"result": ...}`, or `{"failure": [kind, message]}` where the input or the machine fails."""
    import_tensorflow()
    load_plugins()
    from gplinker_tf.backend import tf
    from gplinker_tf.comparison import _jobs as jobs
    from gplinker_tf.errors import InputError

    try:
        return {"result": getattr(jobs, work)(**arguments)}
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        return {"failure": [NO_MEMORY, _first_line(error)]}
    except InputError as error:
        # Keras raises what came out of `fit` again, without its cause; the context stays.
        cause = error.__cause__ or error.__context__
        full = isinstance(cause, OSError) and cause.errno in FULL
        return {"failure": [NO_ROOM if full else BAD_INPUT, str(error)]}
    except OSError as error:
        if error.errno not in FULL:
            raise
        return {"failure": [NO_ROOM, str(error)]}


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _interrupt_at_the_end_of_input() -> None:
    while os.read(0, 1):  # not through `sys.stdin`, whose lock would hold the process's end up
        pass
    os.kill(os.getpid(), signal.SIGINT)
