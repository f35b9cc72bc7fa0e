"""A Python file with the encoding that it declares."""

from __future__ import annotations

import tokenize
from dataclasses import dataclass
from pathlib import Path

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.errors import InputError


@dataclass(frozen=True)
class SourceFile:
    """The text of a Python file, and how it is encoded.

    Args:
        text: the source, with the line endings of the file.
        encoding: the encoding in its coding line or byte order mark; UTF-8 without one.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "old.py"
    >>> _ = path.write_bytes("# coding: gbk\\nx = '模型'\\n".encode("gbk"))
    >>> SourceFile.read(path)
    SourceFile(text="# coding: gbk\\nx = '模型'\\n", encoding='gbk')
    """

    text: str
    encoding: str

    @classmethod
    def read(cls, path: Path) -> SourceFile:
        """Read a file.

        Args:
            path: the file.

        Raises:
            InputError: it cannot be read, or is not in the encoding that it declares.
        """
        try:
            with path.open("rb") as file:
                encoding, _ = tokenize.detect_encoding(file.readline)
            with path.open(encoding=encoding, newline="") as file:
                return cls(file.read(), encoding)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}).") from None
        except (SyntaxError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path}: expected text in the encoding that its coding line declares, or UTF-8. "
                f"Received: {error}. Save it as UTF-8, or fix its coding line."
            ) from None

    @property
    def encoded(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode(self.encoding)

    def write(self, path: Path) -> None:
        """Write the file, completely or not at all.

        Args:
            path: the file.
        """
        with whole_file(path) as unfinished:
            unfinished.write_bytes(self.encoded)
