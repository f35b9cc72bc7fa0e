"""The files that texts are extracted from, one after the other."""

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

#: Bytes that are read at once to count lines.
BLOCK = 1 << 20


class ExtractionInput:
    """The texts of files or of standard input.

    Args:
        files: the files; `-` is standard input.
        format: the name of one of `FORMATS`, or `None` where each file tells its own.
        set_aside: is told the error of each item that can't be read; `None` to raise the first.
        advice: the way out that such an error names.

    Raises:
        InputError: there is no such file or no such format.

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
        """The texts; says on standard error what each file is read as.

        Raises:
            InputError: an item can't be read. The texts before it came first.
        """
        for source in self._sources:
            described = source.description.replace("; --format ", "; --input-format ")
            tqdm.write(described, file=sys.stderr)
            try:
                yield from read_texts(source)
            except InputError as error:
                raise InputError(f"{error} {self._advice}".rstrip(), error.place) from error

    def total(self) -> int | None:
        """The number of texts, which progress is measured by; `None` where only reading tells."""
        counts = [_lines(Path(source.path)) for source in self._sources if _has_lines(source)]
        return sum(counts) if len(counts) == len(self._sources) else None


def expect_apart(files: Sequence[Path], path: Path | None) -> None:
    """Check before a file is written that it is not read.

    Args:
        files: the files that are read.
        path: the file that is written; `None` where there is none.

    Raises:
        InputError: it is one of them.

    Example:

    >>> expect_apart([Path("texts.txt")], Path("found.jsonl"))
    """
    if path is None or not path.is_file():
        return
    if any(file.is_file() and file.samefile(path) for file in files):
        raise InputError(
            f"Expected a file to write that is not read. Received: {path} for both. Name another "
            "output."
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
