"""What an output has from a run that was interrupted, and how the next one goes on."""

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

#: Bytes at the beginning of a file that tell who wrote it.
SHOWN = 200


class EarlierRun(NamedTuple):
    """What an output has from an earlier run.

    Args:
        texts: how many texts are written as a whole.
        sizes: how many bytes that is, of each file.
        last_text: says of a text what the last one was, if it was another; `None` where it was
            this one.
        complete: whether that run came to its end, in a format whose files do not say which texts
            they are of.
    """

    texts: int = 0
    sizes: Sequence[int] = ()
    last_text: Callable[[str], str | None] = lambda text: None
    complete: bool = False

    def __repr__(self) -> str:
        return f"EarlierRun({counted(self.texts, 'text')})"

    def expect_text(self, path: str | Path, text: str) -> None:
        """Check that the last text that was written stands there in the input too.

        Args:
            path: the output.
            text: the text of the input.

        Raises:
            InputError: it was another.
        """
        if (other := self.last_text(text)) is not None:
            raise InputError(
                f"{path}:{self.texts}: expected the result of text {self.texts:,} of the input, "
                f"{text!r:.60}. Received: {other}. Pass the same input again, or start over with "
                "--overwrite."
            )


def earlier_run(format: OutputFormat, path: str | Path, files: Sequence[Path]) -> EarlierRun:
    """What an output that is continued has: by its lines, or by the file of its progress.

    Args:
        format: of the output.
        path: the output.
        files: its files.

    Raises:
        InputError: it can't be continued, or another program wrote it.
    """
    if str(path) == STDIN:
        raise InputError(
            "Expected the file to continue. Received: standard output. Name it with --output."
        )
    if format.written_whole:
        raise InputError(
            f"Expected a format that is written text by text. Received: {format.name}, which is "
            "written at the end, so that an interrupted run leaves nothing to continue. Extract "
            "with --format jsonl and --resume, or start over with --overwrite."
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
            f"Received: {error}. Name the output of that run with its --format, or another file."
        ) from error


def _expect_beginnings(format: OutputFormat, files: Sequence[Path]) -> None:
    """Check that the format wrote the files, of which some begin with the first triple."""
    for file, head, wanted in zip(files, format.head(), format.beginnings(), strict=True):
        with file.open("rb") if file.exists() else BytesIO() as opened:
            found = opened.read(SHOWN)
        if not found.startswith((wanted if found else head).encode()[:SHOWN]):
            raise InputError(
                f"{file}: expected {format.title}, beginning with {wanted.strip()!r}. Received: "
                f"{found.decode('utf-8', 'replace')!r:.60}, of another program, version or "
                "option. Start over with --overwrite, or name another output."
            )
