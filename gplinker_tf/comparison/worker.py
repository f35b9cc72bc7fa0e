"""A worker process with its own memory, which ends when its parent does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from gplinker_tf.comparison.failures import plain_error
from gplinker_tf.errors import InputError

SPAWN = multiprocessing.get_context("spawn")

#: Signals that end a process that runs out of memory, from the system or TensorFlow.
SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)

#: Errors of the worker that are raised again unchanged.
AS_THEY_ARE = (InputError, MemoryError, OSError, KeyboardInterrupt)


class Worker:
    """A new process that calls functions, one after the other, in a `with` block.

    If Ctrl-C ends the block, or if this process is killed, the worker is interrupted once and can
    still finish up: training writes a checkpoint. A second Ctrl-C kills it.

    Args:
        **environment: environment variables of the new process.

    Example, in a script under `if __name__ == "__main__":`, as `multiprocessing` requires:

    >>> with Worker(TF_USE_LEGACY_KERAS="1") as worker:
    ...     worker.call(os.getenv, "TF_USE_LEGACY_KERAS")
    '1'
    """

    def __init__(self, **environment: str) -> None:
        self._connection, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_serve, args=(theirs, environment), daemon=True)
        self._process.start()
        theirs.close()

    def call(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call a function in the process and return its value.

        Args:
            function: the function; it, its arguments and its value must be picklable.
            *arguments: its positional arguments.
            **named: its keyword arguments.

        Raises:
            MemoryError: it ran out of memory, or the process was killed.
            RuntimeError: the function failed, with its traceback, or ended the process.
            InputError: the function raised it; likewise an `OSError` or `KeyboardInterrupt`.
        """
        try:
            self._connection.send((function, arguments, named))
            failed, value = self._connection.recv()
        except (EOFError, OSError):
            self._process.join()
            raise _end_of_process(self._process.exitcode or 0) from None
        if failed:
            raise value
        return value

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is KeyboardInterrupt and self._process.pid:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGINT)
        self._connection.close()
        try:
            self._process.join()
        except KeyboardInterrupt:
            self._process.kill()
            raise


def _end_of_process(exit_code: int) -> Exception:
    if -exit_code in SIGNALS:
        name = signal.Signals(-exit_code).name
        return MemoryError(f"{name} ended the process, perhaps for lack of memory")
    return RuntimeError(f"the process ended with exit code {exit_code}")


def _serve(connection: Connection, environment: dict[str, str]) -> None:
    """Answer calls in the worker process until the connection closes."""
    os.environ.update(environment)
    if hasattr(os, "setsid"):
        os.setsid()  # otherwise the terminal's Ctrl-C would reach it a second time
    # A command that a shell starts in the background ignores interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_interrupt_without_parent, daemon=True).start()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            function, arguments, named = connection.recv()
            connection.send(_answer(function, arguments, named))


def _answer(function: Callable[..., Any], arguments: Any, named: Any) -> tuple[bool, Any]:
    try:
        return False, function(*arguments, **named)
    except (Exception, KeyboardInterrupt) as error:
        plain = plain_error(error)
        known = isinstance(plain, AS_THEY_ARE)
        return True, plain if known else RuntimeError(traceback.format_exc())


def _interrupt_without_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGINT)
