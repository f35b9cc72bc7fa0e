"""Lines of files and of standard input, plain or gzipped, with errors for other encodings."""

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
    """Return the lines of a text file, plain or gzipped, without their line ends.

    Args:
        path: the file; `-` is standard input.

    Raises:
        InputError: the file is missing, is not text in a known encoding, or is a damaged gzip.

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
    """A line that can't be decoded, among lines that can.

    Args:
        error: the error of the line.
        text: the readable part of the line.
    """

    error: InputError
    text: str


def text_lines(path: str | Path, encoding: str = UTF_8) -> Iterator[str | DamagedLine]:
    """Return the lines with their line ends; damaged lines are `DamagedLine` objects.

    Args:
        path: the file; `-` is standard input.
        encoding: the encoding, as `encoding_of` returns it.

    Raises:
        InputError: as `open_text`, if no lines can be read, or none after an error.
    """
    lines = byte_lines(path)
    if encoding == UTF_16_NAME:
        lines = _from_utf_16(lines, path)
    elif encoding == GBK:
        lines = _from_gbk(lines, path)
    return _decoded(lines, path)


def whole_line(line: str | DamagedLine) -> str:
    """Return a line of `text_lines`, which must not be damaged.

    Raises:
        InputError: the line is damaged.
    """
    if isinstance(line, DamagedLine):
        raise line.error
    return line


def byte_lines(path: str | Path) -> Iterator[bytes]:
    """Return the lines of a file as bytes, decompressed if gzipped, with their line ends.

    Each line is read only when it is requested, so a pipe may stay open.

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
    # A stream that replaces standard input may lack `peek`.
    raw: Any = sys.stdin.buffer
    return nullcontext(raw if hasattr(raw, "peek") else io.BufferedReader(raw))


def _from_utf_16(lines: Iterator[bytes], path: str | Path) -> Iterator[bytes]:
    """Convert UTF-16 to lines in UTF-8; a byte line of UTF-16 may end within a character."""
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
            # A byte order mark comes from an editor and is not part of the text.
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if not beyond_ascii and str(path) == STDIN and is_chinese(raw):
                # When the encoding was detected, only ASCII or less than a line had arrived.
                yield from _decoded(_from_gbk(chain([raw], lines), path, number), path, number)
                return
            damage = place.error(not_utf8(raw, error, place, beyond_ascii))
            if not beyond_ascii and other_encoding(raw):
                raise damage from error  # all lines are in that encoding, not just this one
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
