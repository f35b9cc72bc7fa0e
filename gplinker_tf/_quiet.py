"""Silencing of the messages that libraries print when they start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


def import_tensorflow() -> None:
    """Import TensorFlow with standard error silenced; errors are still raised.

    TensorFlow prints its first messages before it reads its log level (`TF_CPP_MIN_LOG_LEVEL`), and
    on a machine without a GPU they look like errors.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with stderr_closed():
        import tensorflow  # noqa: F401


@contextmanager
def stderr_closed() -> Iterator[None]:
    """Silence standard error in the block, also for C++ libraries, which bypass Python."""
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
