"""Lines of files and of standard input, plain or gzipped; what is no UTF-8 is named."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from gplinker_tf.data.formats.encodings import (
    GBK,
    GZIP_MAGIC,
    UTF_8,
    UTF_16_NAME,
    encoding_of,
    expect_text,
    is_chinese,
    not_utf8,
    other_encoding,
)
from gplinker_tf.data.formats.place import STDIN, Place, shown_name
from gplinker_tf.errors import InputError


def open_text(path: str | Path) -> Iterator[str]:
    """The lines of a UTF-8 file, plain or gzipped, without their line ends.

    Args:
        path: the file; `-` is standard input.

    Raises:
        InputError: the file is missing, not UTF-8, no text, or a damaged gzip.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "texts.txt.gz"
    >>> _ = path.write_bytes(gzip.compress("喜剧之王\\r\\n周星驰\\n".encode()))
    >>> list(open_text(path))
    ['喜剧之王', '周星驰']
    """
    lines = text_lines(path, encoding_of(path))
    return (whole_line(line).rstrip("\r\n") for line in lines)


class DamagedLine(NamedTuple):
    """A line that is not text, among lines that are.

    Args:
        error: what is wrong with it.
        text: what can be read of it.
    """

    error: InputError
    text: str


def text_lines(path: str | Path, encoding: str = UTF_8) -> Iterator[str | DamagedLine]:
    """The lines with their line ends.

    Args:
        path: the file; `-` is standard input.
        encoding: as `encoding_of` tells it.

    Raises:
        InputError: as `open_text`, where no line can be read or those after it can't.
    """
    lines = byte_lines(path)
    if encoding == UTF_16_NAME:
        lines = _from_utf_16(lines, path)
    elif encoding == GBK:
        lines = _from_gbk(lines, path)
    return _decoded(lines, path)


def whole_line(line: str | DamagedLine) -> str:
    """A line of `text_lines`.

    Raises:
        InputError: it is damaged.
    """
    if isinstance(line, DamagedLine):
        raise line.error
    return line


def byte_lines(path: str | Path) -> Iterator[bytes]:
    """The lines of a file, plain or gzipped, byte for byte, line ends included.

    Each line is read when it is asked for, so that a pipe may stay open.

    Raises:
        InputError: the file is missing, cannot be read, or is a damaged gzip.
    """
    if str(path) != STDIN:
        if not Path(path).exists():
            raise InputError(f"No such file: {path}. Check the path.")
        if Path(path).is_dir():
            raise InputError(f"Expected a file. Received: {path}, which is a folder.")
    return _lines(path)


def _lines(path: str | Path) -> Iterator[bytes]:
    number, zipped = 1, False
    try:
        with _opened(path) as raw:
            zipped = raw.peek(2).startswith(GZIP_MAGIC)
            file: gzip.GzipFile | io.BufferedReader = gzip.GzipFile(fileobj=raw) if zipped else raw
            while line := file.readline():
                yield line
                number += 1
    except (EOFError, OSError, zlib.error) as error:
        if isinstance(error, OSError) and not zipped:
            raise InputError(f"{shown_name(path)}: cannot be read ({error.strerror}).") from error
        raise Place(path, number).error(
            f"expected a complete gzip file. Received: {error}. Copy the file again."
        ) from error


def _opened(path: str | Path) -> AbstractContextManager[io.BufferedReader]:
    if str(path) != STDIN:
        return Path(path).open("rb")
    # Where another stream stands in for standard input it may lack `peek`.
    raw: Any = sys.stdin.buffer
    return nullcontext(raw if hasattr(raw, "peek") else io.BufferedReader(raw))


def _from_utf_16(lines: Iterator[bytes], path: str | Path) -> Iterator[bytes]:
    """Lines in UTF-8; those of the file end within a character."""
    rest, number = "", 1
    try:
        for piece in codecs.iterdecode(lines, "utf-16"):
            *whole, rest = (rest + piece).split("\n")
            for line in whole:
                yield line.encode("utf-8", "surrogatepass") + b"\n"
                number += 1
    except UnicodeDecodeError as error:
        raise Place(path, number).error(
            f"expected UTF-16, as the byte order mark says. Received: {error.reason}. Save the "
            "file again, in UTF-8."
        ) from error
    if rest:
        yield rest.encode("utf-8", "surrogatepass")


def _from_gbk(lines: Iterable[bytes], path: str | Path, first: int = 1) -> Iterator[bytes]:
    for number, line in enumerate(lines, start=first):
        try:
            yield line.decode("gb18030").encode()
        except UnicodeDecodeError as error:
            raise Place(path, number).error(
                f"expected GBK, as the lines before it are. Received: {error.reason} at byte "
                f"{error.start + 1} of the line. Save the file again, in UTF-8."
            ) from error


def _decoded(
    lines: Iterator[bytes], path: str | Path, first: int = 1
) -> Iterator[str | DamagedLine]:
    beyond_ascii = False
    for number, raw in enumerate(lines, start=first):
        place = Place(path, number)
        if number == 1:
            expect_text(raw, place)
            # A byte order mark is an editor's, not the text's.
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if not beyond_ascii and str(path) == STDIN and is_chinese(raw):
                # What had arrived when the encoding was asked for was ASCII, or less than a line.
                yield from _decoded(_from_gbk(chain([raw], lines), path, number), path, number)
                return
            damage = place.error(not_utf8(raw, error, place, beyond_ascii))
            if not beyond_ascii and other_encoding(raw):
                raise damage from error  # all lines are in that encoding, not this one alone
            yield DamagedLine(damage, raw.decode("utf-8", "replace"))
            continue
        if "\0" in line:
            damage = place.error(
                f"expected text. Received: a NUL byte, character {line.index(chr(0)) + 1} of the "
                "line. The file is damaged, or its encoding is not UTF-8; save it again."
            )
            yield DamagedLine(damage, line.replace("\0", ""))
            continue
        beyond_ascii = beyond_ascii or not line.isascii()
        yield line
