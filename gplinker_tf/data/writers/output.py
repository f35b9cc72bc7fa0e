"""The output of an extraction run, written text by text, so that no result is lost."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice, repeat
from pathlib import Path
from types import TracebackType

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.place import STDIN, shown_name
from gplinker_tf.data.writers.earlier_run import EarlierRun, earlier_run
from gplinker_tf.data.writers.json_rows import JsonRows
from gplinker_tf.data.writers.progress import Progress, digest
from gplinker_tf.data.writers.registry import OutputFormat
from gplinker_tf.data.writers.writable import write_faults
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Extraction


class ExtractionOutput:
    """A file, a folder or standard output, to which extractions are appended.

    Each result is handed to the operating system at once: after a crash, at most the last text is
    incomplete. As a context manager, it writes the end of the format however the block ends.
    If the files do not show which texts they belong to, `PATH.progress` records this until the
    block ends without an error. Without this file, such an output counts as complete.

    Args:
        format: the output format.
        path: the file, or the folder if the format has several files; `-` is standard output.
        resume: continue the output of an interrupted run.
        overwrite: replace existing output.

    Raises:
        InputError: output exists already, or the format can't be written to the path.

    Example:

    >>> import tempfile
    >>> from gplinker_tf.data import OUTPUT_FORMATS
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
        self._earlier = EarlierRun()
        self._files: list[io.FileIO] = []
        self._progress: io.FileIO | None = None
        if resume:
            if overwrite:
                raise InputError("Expected one of resume and overwrite. Received: both. Drop one.")
            self._earlier = earlier_run(format, path, self._paths)
        elif str(path) != STDIN and not overwrite:
            for file in self._paths:
                expect_new(file)
        if str(path) == STDIN and (format.files or format.written_whole):
            what = "a folder" if format.files else "a file"
            raise InputError(
                f"Expected {what} for {' and '.join(format.files) or format.title}. Received: "
                f"standard output. Name {what} with --output."
            )
        #: The number of texts in the output, including those of an earlier run that is continued.
        self.texts = self._earlier.texts
        #: Whether an earlier run completed the output, so that no texts remain.
        self.complete = self._earlier.complete

    def __repr__(self) -> str:
        texts = counted(self.texts, "text")
        return f"ExtractionOutput({self.format.name!r}, {shortened_path(self.path)}, {texts})"

    def __enter__(self) -> ExtractionOutput:
        if self.complete:
            return self
        try:
            if self.format.files:
                Path(self.path).mkdir(exist_ok=True)
            for path, size in zip(self._paths, self._earlier.sizes or repeat(0), strict=False):
                self._files.append(path.open("ab", buffering=0))
                if path.is_file():  # a pipe or a device can't be truncated
                    self._files[-1].truncate(size)
            self._follow_progress()
        except OSError as error:
            raise InputError(
                f"Expected an output that can be written. Received: {error.filename} "
                f"({error.strerror}). Create its folder, or name another file."
            ) from error
        if self._earlier.texts:
            self.format.resume(self._paths)
        else:
            self._append(self.format.head())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.complete:
            return
        try:
            if not isinstance(error, OSError):  # such as a full disk or a closed pipe
                self._append(self.format.tail())
        finally:
            for file in self._files:
                file.close()
            if self._progress is not None:
                self._progress.close()
                if error is None:
                    Progress.path_of(self.path).unlink()

    def write(self, extraction: Extraction) -> None:
        """Append an extraction.

        Args:
            extraction: the extraction; if it can't be written, nothing of it is written.

        Raises:
            ValueError: the output is complete.
            InputError: the format can't represent the extraction, or it could not be read back.
        """
        if self.complete:
            raise ValueError(
                f"Expected an output to continue. Received: {self!r}, which is complete. Write "
                "only the texts that `remaining` returns."
            )
        if fault := next(write_faults(extraction, self.format), ""):
            raise InputError(f"text {self.texts + 1:,} for {shown_name(self.path)}: {fault}")
        self._append(self.format.parts(extraction))
        self.texts += 1
        if self._progress is not None:
            sizes = [os.fstat(file.fileno()).st_size for file in self._files]
            last = digest(extraction.text)
            Progress(self.format.name, self.texts, sizes, last).write(self._progress)

    def remaining(self, texts: Iterable[str]) -> Iterator[str]:
        """Return the texts that an earlier run did not write; call this before opening the output.

        If the output is complete, no texts remain; which texts it has is then no longer known.

        Args:
            texts: the texts of the earlier run, from the first one.

        Raises:
            InputError: the last text that was written differs from the one in `texts`.
        """
        if self.complete:
            return iter(())
        texts, skipped, last = iter(texts), 0, ""
        for text in islice(texts, self._earlier.texts):
            skipped, last = skipped + 1, text
        if skipped < self._earlier.texts:
            raise InputError(
                f"{self.path}: expected the results of at most {counted(skipped, 'text')}, as many "
                f"as the input has. Received: those of {self._earlier.texts:,}. Pass the same "
                "input again, or start over with --overwrite."
            )
        if skipped:
            self._earlier.expect_text(self.path, last)
        return texts

    @property
    def _paths(self) -> list[Path]:
        if str(self.path) == STDIN:
            return []
        path = Path(self.path)
        return [path / name for name in self.format.files] or [path]

    def _follow_progress(self) -> None:
        """Open the progress file if the output can't be continued without one."""
        by_lines = isinstance(self.format, JsonRows) or self.format.written_whole
        if by_lines or not self._files or not all(path.is_file() for path in self._paths):
            return
        path = Progress.path_of(self.path)
        path.touch()
        self._progress = path.open("r+b", buffering=0)
        if not self._earlier.texts:
            Progress(self.format.name, 0, [0] * len(self._files)).write(self._progress)

    def _append(self, parts: tuple[str | bytes, ...]) -> None:
        if not self._files:
            sys.stdout.write(str(parts[0]))
            sys.stdout.flush()  # the reader of a pipe waits for it
        for file, part in zip(self._files, parts, strict=False):
            rest = memoryview(part if isinstance(part, bytes) else part.encode("utf-8"))
            while rest:  # a pipe or a full disk may accept only a part
                rest = rest[file.write(rest) :]


def expect_new(path: Path) -> None:
    """Check that a file is empty or does not exist.

    Args:
        path: the file.

    Raises:
        InputError: the file is not empty.

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
