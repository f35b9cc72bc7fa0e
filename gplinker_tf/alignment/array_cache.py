"""A cache of arrays on disk, with a hash of what they were computed from as the key."""

from __future__ import annotations

import hashlib
import os
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from gplinker_tf._atomic_write import UNFINISHED, whole_file

Arrays = dict[str, np.ndarray]


def default_cache_folder() -> Path:
    """Return the cache folder: `$GPLINKER_CACHE`, or `gplinker_tf` in the user's cache folder.

    It may be deleted at any time; missing arrays are computed again.

    Returns:
        The folder, which need not exist.

    Example:

    >>> from unittest import mock
    >>> with mock.patch.dict(os.environ, GPLINKER_CACHE="/data/tokenized"):
    ...     print(default_cache_folder())
    /data/tokenized
    """
    named = os.environ.get("GPLINKER_CACHE")
    user = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(user) / "gplinker_tf"


def hash_of(parts: Iterable[bytes | Path]) -> str:
    """Return the SHA-256 hash of a sequence of byte strings and contents of files.

    Example:

    >>> hash_of([b"ab", b"c"]) == hash_of([b"a", b"bc"])
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


def cached_arrays(folder: Path, key: str, compute: Callable[[], Arrays]) -> Arrays:
    """Return the arrays cached under a key, or compute and cache them.

    A damaged file is computed again. A folder that can't be written to only causes a warning.

    Args:
        folder: the cache folder, with one file per key.
        key: the hash of everything that the arrays depend on.
        compute: the function that computes the arrays.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for _ in range(2):
    ...     arrays = cached_arrays(folder, "key", lambda: print("computed") or {"a": np.arange(3)})
    computed
    >>> arrays["a"]
    array([0, 1, 2])
    """
    path = folder / f"{key}.npz"
    kept = _read(path)
    if kept is not None:
        return kept
    arrays = compute()
    try:
        _write(path, arrays)
    except OSError as error:
        warnings.warn(
            f"The tokenized texts can't be cached in {folder} for the next run: {error}. Name "
            "another folder with GPLINKER_CACHE.",
            stacklevel=2,
        )
    return arrays


def _read(path: Path) -> Arrays | None:
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def _write(path: Path, arrays: Arrays) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        whole_file(path, f".{os.getpid()}{UNFINISHED}") as unfinished,
        unfinished.open("wb") as file,
    ):
        # Type checkers assume that any of the names could be the flag `allow_pickle`.
        np.savez(file, **arrays)  # type: ignore[arg-type]
