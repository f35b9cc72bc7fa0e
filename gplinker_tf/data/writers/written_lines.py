"""What an output that was interrupted has: whole lines, and perhaps the beginning of another."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

#: Bytes that are read at once.
BLOCK = 1 << 20


class WrittenLines(NamedTuple):
    """The whole lines of a file.

    Args:
        lines: how many there are.
        size: how many bytes they have, line ends included.
        last: the last of them without its end; empty where there is none.
    """

    lines: int
    size: int
    last: bytes

    @classmethod
    def of(cls, path: Path) -> WrittenLines:
        """Count the whole lines of a file, which need not exist.

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
