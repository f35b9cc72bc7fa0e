"""The complete lines of an interrupted output, whose last line may be incomplete."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

#: The number of bytes to read at once.
BLOCK = 1 << 20


class WrittenLines(NamedTuple):
    """The complete lines of a file.

    Args:
        lines: the number of lines.
        size: their size in bytes, including line ends.
        last: the last complete line without its line end; empty if there is none.
    """

    lines: int
    size: int
    last: bytes

    @classmethod
    def of(cls, path: Path) -> WrittenLines:
        """Count the complete lines of a file, which need not exist.

        Example:

        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "found.jsonl"
        >>> _ = path.write_bytes(b"first\\nsecond\\nthi")
        >>> WrittenLines.of(path)
        WrittenLines(lines=2, size=13, last=b'second')
        """
        if not path.exists():
            return cls(0, 0, b"")
        lines, size, start, end = 0, 0, 0, 0
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                found = block.count(b"\n")
                if found:
                    last = block.rindex(b"\n")
                    before = block.rfind(b"\n", 0, last)
                    start = size + before + 1 if before >= 0 else end
                    end = size + last + 1
                lines += found
                size += len(block)
            file.seek(start)
            return cls(lines, end, file.read(end - start).rstrip(b"\n"))
