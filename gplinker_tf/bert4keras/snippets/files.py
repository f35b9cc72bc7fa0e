"""Files as bert4keras opens them."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from gplinker_tf._atomic_write import whole_file


class open:
    """Python's `open` with bert4keras's arguments; `indexable` gives lines by number.

    Args:
        name: path of the file.
        mode: as in Python.
        encoding: encoding of the text; defaults to UTF-8, on every system.
        errors: how to handle bytes that cannot be decoded.
        indexable: index the start of each line, so that `file[number]` and `len(file)` work; or the
            path of a file with this index, which is created if it does not exist.

    Source: bert4keras 0.11.5, `snippets.open`.
    """

    def __init__(
        self,
        name: str | Path,
        mode: str = "r",
        encoding: str | None = None,
        errors: str = "strict",
        indexable: bool | str = False,
    ) -> None:
        self.name, self.encoding, self.errors = name, encoding, errors
        if "b" in mode:
            self.file: IO[Any] = builtins.open(name, mode)  # noqa: SIM115
        else:
            self.file = builtins.open(name, mode, encoding=encoding or "utf-8", errors=errors)  # noqa: SIM115
        if indexable:
            self._index(indexable)

    def _index(self, path: bool | str) -> None:
        if not isinstance(path, bool) and Path(path).exists():
            self.offsets = json.loads(Path(path).read_text("utf-8"))
            return
        self.create_indexes()
        if not isinstance(path, bool):
            with whole_file(path) as unfinished:
                unfinished.write_text(json.dumps(self.offsets), "utf-8")

    def create_indexes(self) -> None:
        """Index the start of each line."""
        self.offsets, offset = [], self.tell()
        while self.readline():
            self.offsets.append(offset)
            offset = self.tell()
        self.seek(0)

    def __getitem__(self, key: int) -> Any:
        self.seek(self.offsets[key])
        return self.readline()

    def __len__(self) -> int:
        if "offsets" not in vars(self):
            # Not an AttributeError: `list(file)` asks for the length, and ignores a TypeError.
            raise TypeError(f"Expected a file opened with indexable=True. Received: {self.name}.")
        return len(self.offsets)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.file)

    def __next__(self) -> Any:
        return next(self.file)

    next = __next__

    def seek(self, offset: int = 0, whence: int = 0) -> int:
        """Move to an offset that `tell` returned, by default to the start."""
        return self.file.seek(offset, whence)

    def __enter__(self) -> open:
        return self

    def __exit__(self, type: Any, value: Any, tb: Any) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        # Everything else comes from Python's file; if there is none, opening it has failed.
        if name == "file":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.file, name)
