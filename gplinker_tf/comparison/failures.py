"""How what is done in a process of its own fails, and what is said of it."""

from __future__ import annotations

import errno

from gplinker_tf.errors import InputError

#: What a full disk, a full quota and a limit on files say.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: How a job can fail without an error in this package.
FAILURES = (InputError, MemoryError, OSError, RuntimeError)


def plain_error(error: BaseException) -> BaseException:
    """The error of Python's own, which other processes know, for one of TensorFlow or Keras.

    Args:
        error: what was raised.

    Returns:
        A `MemoryError` where memory ran out, an `OSError` where the disk is full, else the error.
    """
    # By its name: TensorFlow need not be there.
    if type(error).__name__ == "ResourceExhaustedError":
        return MemoryError(str(error).partition("\n")[0])
    # Keras raises what came out of `fit` again, without its cause; the context stays.
    cause = error.__cause__ or error.__context__
    if isinstance(error, InputError) and isinstance(cause, OSError) and cause.errno in FULL:
        return OSError(cause.errno, str(error))
    return error


def reason_of(failure: BaseException) -> str:
    """Why a job failed, in words; of a traceback the last line."""
    if isinstance(failure, RuntimeError):
        return str(failure).strip().splitlines()[-1]
    return getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
