"""Detection of the encoding of an input, and advice on how to convert it to UTF-8."""

from __future__ import annotations

import codecs
import gzip
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gplinker_tf.data.formats.place import STDIN, Place

GZIP_MAGIC = b"\x1f\x8b"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SPREADSHEET = "Save the sheet as CSV in UTF-8"

#: The first bytes of files that are not plain text, the kind of file, and how to get its text.
OTHER_FILES = (
    (b"PK\x03\x04", "a zip file, such as .docx", "Unpack it, or save its text in UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Office file, such as .xls", SPREADSHEET),
    (b"PAR1", "a Parquet file", "Save its table as CSV in UTF-8"),
    (b"%PDF-", "a PDF file", "Extract its text, for example with pdftotext"),
    (b"BZh", "a bzip2 file", "Unpack it with bunzip2"),
    (b"\xfd7zXZ\0", "an xz file", "Unpack it with unxz"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", "Unpack it with unzstd"),
    *(
        (magic, "a zlib file", "Unpack it, or save its text in UTF-8")
        for magic in (b"x\x01", b"x\x9c", b"x\xda")
    ),
    *(
        (magic, "an image", "Extract its text with an OCR program")
        for magic in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
    ),
    *((magic, "a compressed archive", "Unpack it") for magic in (b"7z\xbc\xaf", b"Rar!")),
    (b"ARROW1", "an Arrow file", "Save its table as CSV in UTF-8"),
    (b"SQLite format 3", "an SQLite database", "Save its table as CSV in UTF-8"),
)

#: Bytes that do not occur in text in any byte-based encoding.
CONTROL = frozenset(range(32)) - frozenset(b"\t\n\v\f\r")

UTF_8, UTF_16_NAME, GBK = "UTF-8", "UTF-16", "GB18030"

#: The number of bytes of a file from which its encoding is detected.
SAMPLE = 1 << 20

#: Characters that make up a third of Chinese text, but hardly occur when text in the encoding
#: of another language is read as GBK.
FREQUENT = frozenset("的一是不了在有人我他这中大来上个国和地到说时要就出会可也你对生能而子那得于")


def expect_text(first: bytes, place: Place) -> None:
    """Raise an error if the first line shows that an input is not UTF-8 text.

    Raises:
        InputError: it is another kind of file, or UTF-16, or its lines end in carriage returns.
    """
    for magic, kind, advice in OTHER_FILES:
        if first.startswith(magic):
            raise place.error(f"expected text. Received: {kind}. {advice}.")
    if first.startswith(UTF_16):  # of a pipe or gzipped standard input; otherwise detected before
        raise place.error(
            "expected UTF-8. Received: UTF-16, by its byte order mark. "
            f"Convert the file: {_iconv('UTF-16', place)}"
        )
    if b"\r" in first.rstrip(b"\r\n") and not first.endswith(b"\n"):
        raise place.error(
            "expected lines that end with a line feed. Received: carriage returns only, as on "
            f"old Macs. Convert the file: tr '\\r' '\\n' < {_file(place)} > NEW"
        )


def encoding_of(path: str | Path) -> str:
    """Detect the encoding: UTF-16 by its byte order mark, GBK if the beginning is Chinese in GBK.

    For standard input, this waits for the first bytes and uses what has arrived. Other pipes,
    which can't be opened twice, and uncertain cases count as UTF-8.
    """
    if str(path) == STDIN:
        sample = _arrived()
    elif Path(path).is_file():
        sample = _beginning(Path(path))
    else:
        return UTF_8
    if sample.startswith(UTF_16):
        return UTF_16_NAME
    lines = sample.splitlines()
    return GBK if not any(map(_is_utf_8_beyond_ascii, lines)) and is_chinese(sample) else UTF_8


def _beginning(path: Path) -> bytes:
    """Return whole lines from the beginning of a file, decompressed."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            sample = (gzip.GzipFile(fileobj=raw) if zipped else raw).read(SAMPLE)
    except (EOFError, OSError, zlib.error):
        return b""  # the reader raises the error
    return sample if len(sample) < SAMPLE else _whole_lines(sample)


def _arrived() -> bytes:
    """Return the lines of standard input that can be seen without consuming them."""
    stream: Any = sys.stdin.buffer
    sample = stream.peek() if hasattr(stream, "peek") else b""
    return b"" if sample.startswith(GZIP_MAGIC) else _whole_lines(sample)


def _whole_lines(sample: bytes) -> bytes:
    return sample[: sample.rfind(b"\n") + 1]


def _is_utf_8_beyond_ascii(line: bytes) -> bool:
    try:
        return not line.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def is_chinese(sample: bytes) -> bool:
    """Return whether a sample that is not ASCII is Chinese text when decoded as GB18030."""
    try:
        strange = [c for c in sample.decode("gb18030") if not c.isascii()]
    except UnicodeDecodeError:
        return False
    frequent = sum(c in FREQUENT for c in strange)
    return _common(strange) > 0.9 * len(strange) and frequent > 0.05 * len(strange)


def _common(characters: Iterable[str]) -> int:
    """Count the characters that are common in Chinese: GB2312's punctuation and first level.

    Pairs of accented letters also decode to characters, but rarely to common ones.
    """
    return sum(b"\0" < c.encode("gb2312", "ignore")[:1] < b"\xd8" for c in characters)


def not_utf8(raw: bytes, error: UnicodeDecodeError, place: Place, beyond_ascii: bool) -> str:
    """Return a message about a line that is not UTF-8: what it is, and how to convert it.

    Args:
        raw: the line.
        error: the decoding error.
        place: the location of the line.
        beyond_ascii: whether an earlier line has UTF-8 characters beyond ASCII.
    """
    if _has_surrogates(raw):
        return (
            f"expected UTF-8. Received: an unpaired surrogate at byte {error.start + 1} of the "
            "line. Write the complete character, or remove it."
        )
    message = f"expected UTF-8. Received: {error.reason} at byte {error.start + 1} of the line. "
    if _is_binary(raw):
        return message + "It has control characters, so it is not text: name a text file."
    other = other_encoding(raw)
    if other is None:
        return message + "Convert the file to UTF-8."
    name, encoding, shown = other
    if beyond_ascii:
        return (
            f"{message}The lines before it are UTF-8; this one reads as {name}: {shown!r}. "
            f"Convert only this line: sed -n {place.number}p FILE | iconv -f {encoding} -t UTF-8"
        )
    return (
        f"{message}The line reads as {name}: {shown!r}. Convert the file: {_iconv(encoding, place)}"
    )


def other_encoding(raw: bytes) -> tuple[str, str, str] | None:
    """Return the likely encoding of a line, its name for iconv, and the beginning of the text."""
    if _is_binary(raw) or _has_surrogates(raw):
        return None
    for name, encoding, shown in (
        ("GBK", "GB18030", _as_gbk(raw)),
        ("Windows-1252", "WINDOWS-1252", _as_western(raw)),
    ):
        if shown is not None:
            return name, encoding, shown
    return None


def _is_binary(raw: bytes) -> bool:
    return not CONTROL.isdisjoint(raw)


def _has_surrogates(raw: bytes) -> bool:
    """Return whether a line is UTF-8 except for unpaired surrogates."""
    try:
        raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _iconv(encoding: str, place: Place) -> str:
    return f"iconv -f {encoding} -t UTF-8 {_file(place)} > NEW"


def _file(place: Place) -> str:
    return "FILE" if str(place.path) == STDIN else str(place.path)


def _as_gbk(raw: bytes) -> str | None:
    """Return the beginning of the line decoded as GBK, if that gives Chinese characters."""
    try:
        line = raw.decode("gb18030").strip()
    except UnicodeDecodeError:
        return None
    strange = [character for character in line if not character.isascii()]
    return line[:30] if 2 * _common(strange) > len(strange) else None


def _as_western(raw: bytes) -> str | None:
    """Return the beginning of the line decoded as Windows-1252, if it has no UTF-8 characters."""
    if not raw.decode("utf-8", "ignore").isascii():
        return None  # UTF-8 with a damaged byte
    try:
        return raw.decode("cp1252").strip()[:30]
    except UnicodeDecodeError:
        return None
