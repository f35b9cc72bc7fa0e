"""What an input is that is not UTF-8, and how it is converted."""

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

#: What files begin with that hold text in another form, what they are, and the way to their text.
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
        (magic, "an image", "Recognize its text with a program for OCR")
        for magic in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
    ),
    *((magic, "a packed file", "Unpack it") for magic in (b"7z\xbc\xaf", b"Rar!")),
    (b"ARROW1", "an Arrow file", "Save its table as CSV in UTF-8"),
    (b"SQLite format 3", "an SQLite database", "Save its table as CSV in UTF-8"),
)

#: Bytes that text in any encoding of bytes is free of.
CONTROL = frozenset(range(32)) - frozenset(b"\t\n\v\f\r")

UTF_8, UTF_16_NAME, GBK = "UTF-8", "UTF-16", "GB18030"

#: Bytes of a file that tell its encoding.
SAMPLE = 1 << 20

#: Characters that make up a third of Chinese text, and next to nothing of what another
#: language's encoding, read as GBK, looks like.
FREQUENT = frozenset("的一是不了在有人我他这中大来上个国和地到说时要就出会可也你对生能而子那得于")


def expect_text(first: bytes, place: Place) -> None:
    """Raise unless an input's first line may be UTF-8 text.

    Raises:
        InputError: it is another kind of file, UTF-16, or has lines that end in carriage returns.
    """
    for magic, kind, advice in OTHER_FILES:
        if first.startswith(magic):
            raise place.error(f"expected text. Received: {kind}. {advice}.")
    if first.startswith(UTF_16):  # of a pipe or a packed input; else it is known before
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
    """The encoding of an input: UTF-16 by its mark, GBK where its beginning is Chinese in it.

    Of standard input the beginning is what has arrived; this waits for the first bytes. Another
    pipe, which can't be opened twice, and what is not certain, is UTF-8.
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
    """Whole lines of the beginning, unpacked."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            sample = (gzip.GzipFile(fileobj=raw) if zipped else raw).read(SAMPLE)
    except (EOFError, OSError, zlib.error):
        return b""  # the reader says what is wrong
    return sample if len(sample) < SAMPLE else _whole_lines(sample)


def _arrived() -> bytes:
    """The lines of standard input that can be looked at without reading them."""
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
    """Whether a sample that is not ASCII reads as Chinese in GB18030."""
    try:
        strange = [c for c in sample.decode("gb18030") if not c.isascii()]
    except UnicodeDecodeError:
        return False
    frequent = sum(c in FREQUENT for c in strange)
    return _common(strange) > 0.9 * len(strange) and frequent > 0.05 * len(strange)


def _common(characters: Iterable[str]) -> int:
    """How many are common in Chinese: GB2312's punctuation and its first level.

    Accented letters pair up to characters as well, but to others.
    """
    return sum(b"\0" < c.encode("gb2312", "ignore")[:1] < b"\xd8" for c in characters)


def not_utf8(raw: bytes, error: UnicodeDecodeError, place: Place, beyond_ascii: bool) -> str:
    """What a line is instead, and how it is converted.

    Args:
        raw: the line.
        error: of decoding it.
        place: where it stands.
        beyond_ascii: whether a line before it is UTF-8 beyond ASCII.
    """
    if _has_surrogates(raw):
        return (
            f"expected UTF-8. Received: half a surrogate pair at byte {error.start + 1} of the "
            "line. Write the complete character, or remove it."
        )
    message = f"expected UTF-8. Received: {error.reason} at byte {error.start + 1} of the line. "
    if _is_binary(raw):
        return message + "It has control characters, so it is no text: name a text file."
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
    """The encoding that a line is in instead of UTF-8, for people and for iconv, and its text."""
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
    """Whether halves of surrogate pairs are all that is wrong with UTF-8."""
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
    """The beginning of the line in GBK, if Chinese characters come of it."""
    try:
        line = raw.decode("gb18030").strip()
    except UnicodeDecodeError:
        return None
    strange = [character for character in line if not character.isascii()]
    return line[:30] if 2 * _common(strange) > len(strange) else None


def _as_western(raw: bytes) -> str | None:
    """The beginning of the line in Windows-1252, if no character of it is UTF-8."""
    if not raw.decode("utf-8", "ignore").isascii():
        return None  # UTF-8 with a damaged byte
    try:
        return raw.decode("cp1252").strip()[:30]
    except UnicodeDecodeError:
        return None
