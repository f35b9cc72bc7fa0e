"""Files that are whole at every moment."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished"


@contextmanager
def whole_file(path: str | Path, suffix: str = UNFINISHED) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` when the block ends well.

    Until then, whenever the process or the machine stops, an old file stays as it was. A symbolic
    link stays one: the file that it leads to is replaced, and keeps its mode. What is no regular
    file, such as a named pipe or a device, is itself the path to write to.

    Args:
        path: the file to write.
        suffix: of the path that is written to; processes that may write the same file at once
            need different ones.

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
            # Before it has content: what only its owner may read is never open to others.
            unfinished.touch()
            unfinished.chmod(mode | stat.S_IWUSR)
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())  # else a power failure can leave an empty file of that name
        if mode is not None:
            unfinished.chmod(mode)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
