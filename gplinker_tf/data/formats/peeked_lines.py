"""Lines whose beginning can be inspected before they are read, to detect the format."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain, islice

from gplinker_tf.data.formats.text_lines import DamagedLine, whole_line

#: The number of lines in which the first line that is not blank is searched for.
BLANK_LINES = 100


class PeekedLines:
    """The lines of an input, whose first lines can be inspected without reading any further.

    Args:
        lines: the lines with their line ends.
        whole: whether to raise the error of a damaged line at the beginning.

    Example:

    >>> lines = PeekedLines(iter(["\\n", "[\\n", "{}\\n", "]\\n"]))
    >>> lines.first, lines.second
    ('[\\n', '{}\\n')
    >>> len(list(lines.all()))
    4
    """

    def __init__(self, lines: Iterator[str | DamagedLine], whole: bool = True) -> None:
        self._rest = lines
        self._whole = whole

    def all(self) -> Iterator[str | DamagedLine]:
        """Return all lines, including those already inspected."""
        return chain(self._taken, self._rest)

    @property
    def first(self) -> str:
        """The first line that is not blank; empty if there is none."""
        readable = (line for line in self._taken if isinstance(line, str))
        return next((line for line in readable if line.strip()), "")

    @property
    def second(self) -> str:
        """The line after `first`; empty if there is none."""
        position = self._taken.index(self.first) + 1 if self.first else 0
        self._take(position + 1)
        line = self._taken[position] if position < len(self._taken) else ""
        return line if isinstance(line, str) else ""

    def beginning(self, count: int) -> list[str]:
        """Return up to `count` lines from the beginning, without damaged ones."""
        self._take(count)
        return [line for line in self._taken[:count] if isinstance(line, str)]

    def _take(self, count: int) -> None:
        self._taken.extend(islice(self._rest, max(0, count - len(self._taken))))

    @cached_property
    def _taken(self) -> list[str | DamagedLine]:
        lines: list[str | DamagedLine] = []
        for line in self._rest:
            lines.append(whole_line(line) if self._whole else line)
            if (isinstance(line, str) and line.strip()) or len(lines) == BLANK_LINES:
                break
        return lines
