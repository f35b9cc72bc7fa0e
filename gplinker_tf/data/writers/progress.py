"""Progress of an output whose files do not show which texts they belong to."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gplinker_tf._counted import counted
from gplinker_tf.errors import InputError

SUFFIX = ".progress"


class Progress(NamedTuple):
    """The number of texts written completely, stored in a file next to the output.

    Args:
        format: the name of the output's format.
        texts: the number of texts.
        sizes: the size of each output file after these texts, in bytes.
        last: the digest of the last text.

    Example:

    >>> import tempfile
    >>> output = Path(tempfile.mkdtemp()) / "found.csv"
    >>> _ = output.write_bytes(b"text,subject")
    >>> with Progress.path_of(output).open("wb", buffering=0) as file:
    ...     Progress("csv", 1, [4], digest("Ada wrote Tin")).write(file)
    >>> progress = Progress.of("csv", output, [output])
    >>> progress.texts, progress.sizes, progress.other_than("Ada wrote Tin")
    (1, [4], None)
    """

    format: str
    texts: int = 0
    sizes: Sequence[int] = ()
    last: str = ""

    def __repr__(self) -> str:
        return f"Progress({counted(self.texts, 'text')})"

    @classmethod
    def path_of(cls, output: str | Path) -> Path:
        """Return the path of the progress file of an output."""
        return Path(f"{output}{SUFFIX}")

    @classmethod
    def of(cls, format: str, output: str | Path, files: Sequence[Path]) -> Progress | None:
        """Return the progress of an output, which need not exist, or `None` if it is complete.

        Args:
            format: the name of its format.
            output: its path.
            files: its files.

        Raises:
            InputError: the progress file belongs to another output.
        """
        path = cls.path_of(output)
        sizes = [file.stat().st_size if file.exists() else 0 for file in files]
        if not path.exists():
            return None if any(sizes) else cls(format)
        try:
            progress = cls(*json.loads(path.read_text("utf-8").partition("\n")[0]))
            whole = len(progress.sizes) == len(sizes)
            whole &= all(a <= b for a, b in zip(progress.sizes, sizes, strict=False))
        except (TypeError, ValueError):
            whole = False
        if not whole:
            raise InputError(
                f"{path}: expected the progress of {output}. Received: the progress of other "
                "files, or of files that have changed since. Start over with --overwrite."
            )
        if progress.format != format:
            raise InputError(
                f"{path}: expected the progress of an output in {format}. Received: "
                f"{progress.format!s:.60}. Continue with the same --format, or start over with "
                "--overwrite."
            )
        return progress

    def other_than(self, text: str) -> str | None:
        """Return `None` if this is the last text, else how messages describe the last text."""
        return None if digest(text) == self.last else "that of another text"

    def write(self, file: io.FileIO) -> None:
        """Overwrite the progress file in a single write, so that an interruption can't split it.

        Args:
            file: the open progress file.
        """
        file.seek(0)
        file.write((json.dumps(self) + "\n").encode())


def digest(text: str) -> str:
    """Return the SHA-256 digest of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
