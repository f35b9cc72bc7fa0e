"""The state of an output after an interrupted run, from which the next run continues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from gplinker_tf._counted import counted
from gplinker_tf.data.formats.place import STDIN
from gplinker_tf.data.writers.json_rows import JsonRows
from gplinker_tf.data.writers.progress import Progress
from gplinker_tf.data.writers.registry import OutputFormat
from gplinker_tf.data.writers.written_lines import WrittenLines
from gplinker_tf.errors import InputError

#: The number of bytes at the beginning of a file that show which format wrote it.
SHOWN = 200


class EarlierRun(NamedTuple):
    """What an earlier run wrote to an output.

    Args:
        texts: the number of texts written completely.
        sizes: the size of these texts in each file, in bytes.
        last_text: a function that returns `None` for the last text written, and describes the
            last text if it is given another one.
        complete: whether that run completed the output, in a format whose files do not show which
            texts they belong to.
    """

    texts: int = 0
    sizes: Sequence[int] = ()
    last_text: Callable[[str], str | None] = lambda text: None
    complete: bool = False

    def __repr__(self) -> str:
        return f"EarlierRun({counted(self.texts, 'text')})"

    def expect_text(self, path: str | Path, text: str) -> None:
        """Check that the last text that was written is the text at the same index of the input.

        Args:
            path: the output.
            text: the text of the input.

        Raises:
            InputError: the last text that was written is another one.
        """
        if (other := self.last_text(text)) is not None:
            raise InputError(
                f"{path}:{self.texts}: expected the result of text {self.texts:,} of the input, "
                f"{text!r:.60}. Received: {other}. Pass the same input again, or start over with "
                "--overwrite."
            )


def earlier_run(format: OutputFormat, path: str | Path, files: Sequence[Path]) -> EarlierRun:
    """Determine what an output already has, from its lines or its progress file.

    Args:
        format: the format of the output.
        path: the output.
        files: its files.

    Raises:
        InputError: the output can't be continued, or another program wrote it.
    """
    if str(path) == STDIN:
        raise InputError(
            "Expected the file to continue. Received: standard output. Name it with --output."
        )
    if format.written_whole:
        raise InputError(
            f"Expected a format that is written text by text. Received: {format.name}, which is "
            "written at the end, so an interrupted run leaves nothing to continue. Use --format "
            "jsonl with --resume, or start over with --overwrite."
        )
    for file in files:
        if file.exists() and not file.is_file():
            raise InputError(f"Expected a file to continue. Received: {file}, which is not a file.")
    if not isinstance(format, JsonRows):
        progress = Progress.of(format.name, path, files)
        if progress is None or progress.texts:
            _expect_beginnings(format, files)
        if progress is None:
            return EarlierRun(complete=True)
        return EarlierRun(progress.texts, progress.sizes, progress.other_than)
    written = WrittenLines.of(files[0])

    def last_text(text: str) -> str | None:
        last = _text_of_line(format, path, written)
        return None if text == last else f"that of {last!r:.60}"

    return EarlierRun(written.lines, (written.size,), last_text)


def _text_of_line(format: JsonRows, path: str | Path, written: WrittenLines) -> str:
    try:
        return format.text_of(written.last.decode("utf-8"))
    except ValueError as error:
        raise InputError(
            f"{path}:{written.lines}: expected a line of {format.title}, from an earlier run. "
            f"Received: {error}. Name the output and the --format of that run, or another file."
        ) from error


def _expect_beginnings(format: OutputFormat, files: Sequence[Path]) -> None:
    """Check that the format wrote the files; some formats write nothing before the first triple."""
    for file, head, wanted in zip(files, format.head(), format.beginnings(), strict=True):
        with file.open("rb") if file.exists() else BytesIO() as opened:
            found = opened.read(SHOWN)
        if not found.startswith((wanted if found else head).encode()[:SHOWN]):
            raise InputError(
                f"{file}: expected {format.title}, beginning with {wanted.strip()!r}. Received: "
                f"{found.decode('utf-8', 'replace')!r:.60}, from another program, version or "
                "option. Start over with --overwrite, or name another output."
            )
