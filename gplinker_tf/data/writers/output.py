"""Where extractions are written as they come, so that nothing that was found is lost."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.place import STDIN
from gplinker_tf.data.writers.json_rows import JsonRows
from gplinker_tf.data.writers.registry import OUTPUT_FORMATS, OutputFormat
from gplinker_tf.data.writers.written_lines import WrittenLines
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Extraction


class ExtractionOutput:
    """A file, a folder or standard output, to which extractions are appended.

    What is written of a text reaches the system at once: after a crash, at most the last text is
    incomplete. Used as a context manager, it writes the end of the format, however the block ends.

    Args:
        format: what is written.
        path: the file, or the folder where the format has several files; `-` is standard output.
        resume: continue a file of one line per text.
        overwrite: replace what is there.

    Raises:
        InputError: there is something already, or the format and the path do not go together.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "found.jsonl"
    >>> with ExtractionOutput(OUTPUT_FORMATS["jsonl"](), path) as output:
    ...     output.write(Extraction("周星驰主演"))
    >>> print(path.read_text("utf-8"), end="")
    {"text": "周星驰主演", "spo_list": []}
    """

    def __init__(
        self,
        format: OutputFormat,
        path: str | Path = STDIN,
        resume: bool = False,
        overwrite: bool = False,
    ) -> None:
        self.format = format
        self.path = path
        self._earlier = WrittenLines(0, 0, b"")
        self._files: list[io.FileIO] = []
        if resume:
            if overwrite:
                raise InputError("Expected one of resume and overwrite. Received: both. Drop one.")
            _expect_resumable(format, path)
            self._earlier = WrittenLines.of(Path(path))
        elif str(path) != STDIN and not overwrite:
            for file in self._paths:
                expect_new(file)
        if str(path) == STDIN and format.files:
            raise InputError(
                f"Expected a folder for {' and '.join(format.files)}. Received: standard output. "
                "Name a folder with --output."
            )
        #: The number of texts in the output, those of an earlier run included.
        self.texts = self._earlier.lines

    def __repr__(self) -> str:
        texts = counted(self.texts, "text")
        return f"ExtractionOutput({self.format.name!r}, {shortened_path(self.path)}, {texts})"

    def __enter__(self) -> ExtractionOutput:
        try:
            if self.format.files:
                Path(self.path).mkdir(exist_ok=True)
            for path in self._paths:
                self._files.append(path.open("ab", buffering=0))
                if path.is_file():  # a pipe or a device can't be cut
                    self._files[-1].truncate(self._earlier.size)
        except OSError as error:
            raise InputError(
                f"Expected an output that can be written. Received: {error.filename} "
                f"({error.strerror}). Create its folder, or name another file."
            ) from error
        if not self._earlier.lines:
            self._append(self.format.head())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if not isinstance(error, OSError):  # a full disk, or a pipe that nobody reads
                self._append(self.format.tail())
        finally:
            for file in self._files:
                file.close()

    def write(self, extraction: Extraction) -> None:
        """Appends a text and what was found in it."""
        self._append(self.format.parts(extraction))
        self.texts += 1

    def remaining(self, texts: Iterable[str]) -> Iterator[str]:
        """The texts that an earlier run did not write; call it before the output is opened.

        Args:
            texts: the same texts, from the first.

        Raises:
            InputError: the last text that was written is another one.
        """
        texts, skipped, last = iter(texts), 0, ""
        for text in islice(texts, self._earlier.lines):
            skipped, last = skipped + 1, text
        if skipped < self._earlier.lines:
            raise InputError(
                f"{self.path}: expected the results of at most {counted(skipped, 'text')}, as many "
                f"as the input has. Received: {counted(self._earlier.lines, 'line')}. Pass the "
                "same input again, or start over with --overwrite."
            )
        if skipped and last != (written := self._last_text()):
            raise InputError(
                f"{self.path}:{skipped}: expected the result of text {skipped:,} of the input, "
                f"{last!r:.60}. Received: that of {written!r:.60}. Pass the same input again, or "
                "start over with --overwrite."
            )
        return texts

    @property
    def _paths(self) -> list[Path]:
        if str(self.path) == STDIN:
            return []
        path = Path(self.path)
        return [path / name for name in self.format.files] or [path]

    def _last_text(self) -> str:
        assert isinstance(self.format, JsonRows)
        try:
            return self.format.text_of(self._earlier.last.decode("utf-8"))
        except ValueError as error:
            raise InputError(
                f"{self.path}:{self._earlier.lines}: expected a line of {self.format.title}, from "
                f"an earlier run. Received: {error}. Name the output of that run with its "
                "--format, or another file."
            ) from error

    def _append(self, parts: tuple[str, ...]) -> None:
        if not self._files:
            sys.stdout.write(parts[0])
            sys.stdout.flush()  # whoever reads a pipe waits for it
        for file, part in zip(self._files, parts, strict=False):
            rest = memoryview(part.encode("utf-8"))
            while rest:  # a pipe or a full disk may take less than all
                rest = rest[file.write(rest) :]


def expect_new(path: Path) -> None:
    """Check that writing a file loses nothing.

    Args:
        path: the file, which need not exist.

    Raises:
        InputError: there is something in it.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "found.jsonl"
    >>> expect_new(path)
    """
    if path.is_file() and path.stat().st_size:
        raise InputError(
            f"Expected a new file to write. Received: {path}, which is not empty. Continue it "
            "with --resume, replace it with --overwrite, or name another one."
        )


def _expect_resumable(format: OutputFormat, path: str | Path) -> None:
    if str(path) == STDIN:
        raise InputError(
            "Expected the file to continue. Received: standard output. Name it with --output."
        )
    if not isinstance(format, JsonRows):
        *names, last = (name for name, kind in OUTPUT_FORMATS.items() if issubclass(kind, JsonRows))
        raise InputError(
            "Expected a format of one line per text, which shows what is done: "
            f"{', '.join(names)} or {last}. Received: {format.name}. Use one of them to resume, or "
            "start over with --overwrite."
        )
    if Path(path).exists() and not Path(path).is_file():
        raise InputError(f"Expected a file to continue. Received: {path}, which is not a file.")
