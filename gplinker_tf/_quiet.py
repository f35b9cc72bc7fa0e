"""Libraries that start without their remarks on the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


def import_tensorflow() -> None:
    """Imports TensorFlow with standard error closed; what goes wrong still raises.

    Its first remarks are written before its log level (`TF_CPP_MIN_LOG_LEVEL`) is read, and a
    machine without a GPU reads like a broken one.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with stderr_closed():
        import tensorflow  # noqa: F401


@contextmanager
def stderr_closed() -> Iterator[None]:
    """Standard error closed, for libraries of C++ too, which do not ask Python for it."""
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
