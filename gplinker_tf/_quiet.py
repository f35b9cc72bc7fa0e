"""TensorFlow's start without its remarks on the machine."""

from __future__ import annotations

import os


def import_tensorflow() -> None:
    """Imports TensorFlow with standard error closed; what goes wrong still raises.

    Its first remarks are written before its log level (`TF_CPP_MIN_LOG_LEVEL`) is read, and a
    machine without a GPU reads like a broken one.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import tensorflow  # noqa: F401
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
