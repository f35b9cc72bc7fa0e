"""Lines of files: UTF-8, plain or gzipped; what is something else is named."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from gplinker_tf.data.place import Place
from gplinker_tf.errors import InputError

GZIP_MAGIC = b"\x1f\x8b"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_text(path: str | Path) -> Iterator[str]:
    """The lines of a UTF-8 file, plain or gzipped, without their line ends.

    Raises:
        InputError: the file is missing, not UTF-8, no text, or a damaged gzip.
    """
    return (line.rstrip("\r\n") for line in text_lines(path))


def text_lines(path: str | Path) -> Iterator[str]:
    """As `open_text`, with the line ends."""
    beyond_ascii = False
    for number, raw in enumerate(byte_lines(path), start=1):
        if number == 1:
            _expect_utf8_lines(raw, path)
            # A byte order mark is an editor's, not the text's.
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            message = _not_utf8(raw, error, Place(path, number), beyond_ascii)
            raise Place(path, number).error(message) from error
        if "\0" in line:
            raise Place(path, number).error(
                f"expected text. Received: a NUL byte, character {line.index(chr(0)) + 1} of the "
                "line. The file is damaged, or its encoding is not UTF-8; write it anew."
            )
        beyond_ascii = beyond_ascii or not line.isascii()
        yield line


def byte_lines(path: str | Path) -> Iterator[bytes]:
    """The lines of a file, plain or gzipped, byte for byte, line ends included.

    Raises:
        InputError: the file is missing or a damaged gzip.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"Expected a file. Received: {path}, which is none. Check the path.")
    with path.open("rb") as raw:
        zipped = raw.read(2) == GZIP_MAGIC
    with gzip.open(path) if zipped else path.open("rb") as file:
        number = 0
        while True:
            number += 1
            try:
                line = file.readline()
            except (EOFError, OSError, zlib.error) as error:
                raise Place(path, number).error(
                    f"expected a whole gzip file. Received: {error}. Copy the file again."
                ) from error
            if not line:
                return
            yield line


def _expect_utf8_lines(first: bytes, path: str | Path) -> None:
    if first.startswith(UTF_16):
        raise Place(path, 1).error(
            "expected UTF-8. Received: UTF-16, by its byte order mark. "
            f"Convert the file: iconv -f UTF-16 -t UTF-8 {path} > NEW"
        )
    if b"\r" in first.rstrip(b"\r\n") and not first.endswith(b"\n"):
        raise Place(path, 1).error(
            "expected lines that end with a line feed. Received: carriage returns alone, as old "
            f"Macs wrote them. Convert the file: tr '\\r' '\\n' < {path} > NEW"
        )


def _not_utf8(raw: bytes, error: UnicodeDecodeError, place: Place, beyond_ascii: bool) -> str:
    """What a line is instead, and how it is converted."""
    message = f"expected UTF-8. Received: {error.reason} at byte {error.start + 1} of the line. "
    shown = _as_gbk(raw)
    if shown is None:
        return message + "Convert the file to UTF-8."
    if beyond_ascii:
        return (
            f"{message}Lines before it are UTF-8; this one reads as GBK: {shown!r}. Convert it "
            f"alone: sed -n {place.number}p FILE | iconv -f GB18030 -t UTF-8"
        )
    return (
        f"{message}The line reads as GBK: {shown!r}. "
        f"Convert the file: iconv -f GB18030 -t UTF-8 {place.path} > NEW"
    )


def _as_gbk(raw: bytes) -> str | None:
    """The beginning of the line in GBK, if Chinese characters come of it."""
    try:
        line = raw.decode("gb18030").strip()
    except UnicodeDecodeError:
        return None
    strange = [character for character in line if not character.isascii()]
    # Western letters pair up to characters as well, but mostly to rare ones.
    common = sum(bool(character.encode("gb2312", "ignore")) for character in strange)
    return line[:30] if 2 * common > len(strange) else None
