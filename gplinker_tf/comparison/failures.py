"""Failures of jobs in other processes, and how they are reported."""

from __future__ import annotations

import errno

from gplinker_tf.errors import InputError

#: The error numbers of a full disk, a full quota and a file size limit.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: The errors with which a job can fail.
FAILURES = (InputError, MemoryError, OSError, RuntimeError)


def plain_error(error: BaseException) -> BaseException:
    """Return a built-in error, which other processes know, for one of TensorFlow or Keras.

    Args:
        error: the error that was raised.

    Returns:
        A `MemoryError` if memory ran out, an `OSError` if the disk is full, or else the error.
    """
    # By name, since TensorFlow need not be installed.
    if type(error).__name__ == "ResourceExhaustedError":
        return MemoryError(str(error).partition("\n")[0])
    # Keras raises errors from `fit` again without their cause, but with their context.
    cause = error.__cause__ or error.__context__
    if isinstance(error, InputError) and isinstance(cause, OSError) and cause.errno in FULL:
        return OSError(cause.errno, str(error))
    return error


def reason_of(failure: BaseException) -> str:
    """Return the reason why a job failed; for a traceback, its last line."""
    if isinstance(failure, RuntimeError):
        return str(failure).strip().splitlines()[-1]
    return getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
