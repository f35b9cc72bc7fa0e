"""Atomic file writes: a file is always complete."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished"


@contextmanager
def whole_file(path: str | Path, suffix: str = UNFINISHED) -> Iterator[Path]:
    """Yield a temporary path that replaces `path` if the block succeeds.

    Until then, an existing file stays unchanged, even if the process or the machine stops. It keeps
    its mode, and a symbolic link is kept: its target is replaced. If `path` is not a regular file,
    such as a named pipe or a device, `path` itself is yielded.

    Args:
        path: the file to write.
        suffix: the suffix of the temporary path; processes that may write the same file at the
            same time need different ones.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "notes.txt"
    >>> with whole_file(path) as unfinished:
    ...     _ = unfinished.write_text("done")
    >>> path.read_text()
    'done'
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        yield path
        return
    path = Path(os.path.realpath(path))
    unfinished = path.with_name(path.name + suffix)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    try:
        if mode is not None:
            # Set before there is content, so that a private file is never readable by others.
            unfinished.touch()
            unfinished.chmod(mode | stat.S_IWUSR)
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())  # otherwise a power failure can leave an empty file
        if mode is not None:
            unfinished.chmod(mode)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
