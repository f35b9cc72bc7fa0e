"""Run folders: checks of their content, locking and cleanup."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from gplinker_tf._atomic_write import UNFINISHED
from gplinker_tf.errors import InputError
from gplinker_tf.runs.layout import (
    CHECKPOINTS,
    HISTORY,
    LOCK,
    RESULTS,
    RUN_CONFIG,
    TEACHER_LABELS,
)


def expect_free(output: Path, overwrite: bool, resume: bool) -> None:
    """Check that a run can start in a folder.

    Args:
        output: the folder, which need not exist.
        overwrite: whether it may contain a run.
        resume: whether it may contain the beginning of a run.

    Raises:
        InputError: it is a file, or contains files that it may not contain.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> expect_free(folder, overwrite=False, resume=False)
    >>> (folder / HISTORY).touch()
    >>> expect_free(folder, overwrite=False, resume=False)
    Traceback (most recent call last):
    ...
    gplinker_tf.errors.InputError: Expected an empty or new folder. Received: ...
    """
    _expect_no_file(output)
    if overwrite or not output.is_dir():
        return
    beginning = {LOCK, TEACHER_LABELS}
    if resume:
        beginning |= {RUN_CONFIG, CHECKPOINTS}
        if (output / RUN_CONFIG).exists() and not (output / HISTORY).exists():
            beginning |= set(RESULTS)  # from a first epoch that was only partly saved
    others = sorted({path.name for path in output.iterdir()} - beginning)
    if others and resume:
        raise InputError(
            f"Expected a run that can be resumed, or an empty folder. Received: {output}, which "
            f"has no {CHECKPOINTS}, but {', '.join(others)}. Name another folder, or start over "
            "with --overwrite (overwrite=True)."
        )
    if others:
        raise InputError(
            f"Expected an empty or new folder. Received: {output}, which is not empty. Name "
            "another one, continue its run with --resume (resume=True), or replace it with "
            "--overwrite (overwrite=True)."
        )


def expect_another(output: Path, run: Path) -> None:
    """Check that an output folder is not the run folder that is read.

    Args:
        output: the output folder, which need not exist.
        run: the run folder.

    Raises:
        InputError: they are the same folder.

    Example:

    >>> expect_another(Path("smaller"), Path("run"))
    """
    if output.exists() and run.exists() and output.samefile(run):
        raise InputError(
            f"Expected an output folder other than the run folder. Received: {output} for both. "
            "Name another output folder."
        )


@contextmanager
def lock_folder(output: Path) -> Iterator[None]:
    """Lock a folder against other runs; unfinished files of a killed run are removed.

    Args:
        output: the folder; it is created if needed.

    Returns:
        A context manager.

    Raises:
        InputError: another run is writing to it.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "run"
    >>> with lock_folder(folder):
    ...     (folder / RUN_CONFIG).touch()
    """
    _expect_no_file(output)
    output.mkdir(parents=True, exist_ok=True)
    lock = FileLock(output / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(
            f"Expected a folder that no other run is writing to. Received: {output}, which is in "
            "use. Wait for that run to end, or name another folder."
        ) from None
    try:
        _remove_unfinished(output)
        yield
    finally:
        lock.release()


def wait_until_free(output: Path, seconds: float, report: Callable[[str], None]) -> None:
    """Wait for a run that is writing to the folder, up to a time limit.

    Args:
        output: the folder, which need not exist.
        seconds: the time limit.
        report: called with a line of text if there is a run to wait for.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> wait_until_free(folder, 300, report=print)
    >>> with lock_folder(folder):
    ...     wait_until_free(folder, 0.1, report=print)
    An earlier process is still writing to ...: waiting for it to end.
    """
    lock = FileLock(output / LOCK)
    if not output.is_dir():
        return
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(f"An earlier process is still writing to {output}: waiting for it to end.")
        with suppress(Timeout):
            lock.acquire(timeout=seconds)
    lock.release()


def clear(output: Path) -> None:
    """Remove an earlier run's files and no others.

    Args:
        output: the run folder, which need not exist.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in (RUN_CONFIG, HISTORY, "notes.txt"):
    ...     (folder / name).touch()
    >>> clear(folder)
    >>> [path.name for path in folder.iterdir()]
    ['notes.txt']
    """
    shutil.rmtree(output / CHECKPOINTS, ignore_errors=True)
    for name in (RUN_CONFIG, *RESULTS):
        (output / name).unlink(missing_ok=True)


def _expect_no_file(output: Path) -> None:
    if output.exists() and not output.is_dir():
        raise InputError(f"Expected a folder to write to. Received: {output}, which is a file.")


def _remove_unfinished(output: Path) -> None:
    for name in (RUN_CONFIG, *RESULTS):
        (output / (name + UNFINISHED)).unlink(missing_ok=True)
    for path in (output / CHECKPOINTS).glob(f"*{UNFINISHED}"):
        path.unlink()
