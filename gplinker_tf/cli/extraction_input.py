"""The input files of an extraction, read one after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tqdm.auto import tqdm

from gplinker_tf.cli.arrivals import watch_standard_input
from gplinker_tf.data import TextInput, read_texts
from gplinker_tf.errors import InputError

STDIN = Path("-")

#: The formats whose lines are texts, so that counting lines counts texts.
LINE_FORMATS = ("text", "jsonl")

#: Bytes to read at once when counting lines.
BLOCK = 1 << 20


class ExtractionInput:
    """The texts of files or of standard input.

    Args:
        files: the files; `-` is standard input.
        format: the name of one of `FORMATS`, or `None` to detect the format of each file.
        set_aside: is called with the error of each item that can't be read; `None` raises it.
        advice: a suggestion to append to such an error.

    Raises:
        InputError: a file does not exist, or the format is unknown.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "texts.txt"
    >>> _ = path.write_text("Ada wrote Tin\\nand Oak")
    >>> texts = ExtractionInput([path])
    >>> texts.total(), list(texts.read())
    (2, ['Ada wrote Tin', 'and Oak'])
    """

    def __init__(
        self,
        files: Sequence[Path],
        format: str | None = None,
        set_aside: Callable[[InputError], None] | None = None,
        advice: str = "",
    ) -> None:
        self._files = files
        self._advice = advice
        #: Whether the next text has not arrived yet.
        self.waits: Callable[[], bool] = lambda: False
        if STDIN in files:
            self.waits = watch_standard_input()
        self._sources = [TextInput(file, format, set_aside) for file in files]

    def __repr__(self) -> str:
        return f"ExtractionInput({', '.join(map(str, self._files))})"

    def read(self) -> Iterator[str]:
        """Yield the texts, and print to standard error which format each file is read in.

        Raises:
            InputError: an item can't be read. The texts before it are yielded first.
        """
        for source in self._sources:
            described = source.description.replace("; --format ", "; --input-format ")
            tqdm.write(described, file=sys.stderr)
            try:
                yield from read_texts(source)
            except InputError as error:
                raise InputError(f"{error} {self._advice}".rstrip(), error.place) from error

    def total(self) -> int | None:
        """Return the number of texts, for the progress bar; `None` if it is not known yet."""
        counts = [_lines(Path(source.path)) for source in self._sources if _has_lines(source)]
        return sum(counts) if len(counts) == len(self._sources) else None


def expect_apart(files: Sequence[Path], path: Path | None) -> None:
    """Check that the file to write is not one of the files to read.

    Args:
        files: the files to read.
        path: the file to write, or `None`.

    Raises:
        InputError: the file to write is one of the files to read.

    Example:

    >>> expect_apart([Path("texts.txt")], Path("found.jsonl"))
    """
    if path is None or not path.is_file():
        return
    if any(file.is_file() and file.samefile(path) for file in files):
        raise InputError(
            f"Expected different files to read and to write. Received: {path} for both. Name "
            "another output."
        )


def _has_lines(source: TextInput) -> bool:
    path = Path(source.path)
    plain = path != STDIN and path.is_file() and path.suffix.lower() != ".gz"
    return plain and source.format in LINE_FORMATS


def _lines(path: Path) -> int:
    count, block = 0, b"\n"
    with path.open("rb") as file:
        while following := file.read(BLOCK):
            block = following
            count += block.count(b"\n")
    return count + (not block.endswith(b"\n"))
