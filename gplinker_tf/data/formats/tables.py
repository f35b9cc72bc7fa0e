"""CSV and TSV tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.table_format import COLUMNS, Row, TableFormat, columns_of
from gplinker_tf.data.formats.text_lines import DamagedLine
from gplinker_tf.errors import InputError

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput

#: In errors about quotation marks after which rows can no longer be told apart.
SWALLOWED = ("field larger", "unexpected end")

#: Characters that can't be a delimiter, besides letters and digits.
NO_DELIMITERS = " \"'_.\r\n"


class Table(TableFormat):
    """A text table with a delimiter.

    Args:
        name: the name of the format.
        title: the name in a sentence.
        delimiters: the format's own delimiter, then others that programs write. Any other character
            is also accepted if it splits the header into all required columns.
    """

    def __init__(self, name: str, title: str, delimiters: str) -> None:
        self.name = name
        self.title = title
        self.suffixes = (f".{name}",)
        self.looks_like = delimiters[0].replace("\t", "<TAB>").join(COLUMNS)
        self._delimiters = delimiters

    def recognizes(self, source: TextInput) -> bool:
        # Without a suffix, CSV and TSV can't be told apart, so only CSV recognizes a table.
        return self.name == "csv" and self._with(COLUMNS, source) is not None

    def delimiter(self, source: TextInput) -> str:
        known = self._delimiters
        return self._with(COLUMNS, source) or self._with(COLUMNS[:1], source) or known[0]

    def rows(self, source: TextInput) -> Iterator[Row]:
        lines = _Lines(source.lines_or_damage())
        reader = csv.reader(lines, delimiter=self.delimiter(source), strict=True)
        while True:
            place = Place(source.path, reader.line_num + 1)
            try:
                row = next(reader, None)
            except csv.Error as error:
                broken = place.error(_damage(str(error), reader.line_num))
                if any(words in str(error) for words in SWALLOWED):
                    raise broken from error
                source.set_aside(lines.damage() or broken)
                continue
            if damage := lines.damage():
                source.set_aside(damage)
            elif row is None:
                return
            else:
                yield place, reader.line_num, row

    def _with(self, columns: Sequence[str], source: TextInput) -> str | None:
        """Return the first delimiter that splits the header into all of the columns, or `None`."""
        header = source.first_line
        others = (c for c in dict.fromkeys(header) if not (c.isalnum() or c in NO_DELIMITERS))
        for delimiter in dict.fromkeys((*self._delimiters, *others)):
            try:
                row = next(csv.reader([header], delimiter=delimiter), [])
            except csv.Error:  # a cell of more than 131,072 characters
                continue
            if columns_of(row, source.columns).keys() >= set(columns):
                return delimiter
        return None


class _Lines(Iterator[str]):
    """An iterator over the lines of a table that remembers errors of damaged lines."""

    def __init__(self, lines: Iterator[str | DamagedLine]) -> None:
        self._lines = lines
        self._damaged: list[InputError] = []

    def __next__(self) -> str:
        line = next(self._lines)
        if isinstance(line, DamagedLine):
            self._damaged.append(line.error)
            return line.text
        return line

    def damage(self) -> InputError | None:
        """Return the first error since the last call, or `None`."""
        damaged, self._damaged = self._damaged, []
        return damaged[0] if damaged else None


def _damage(error: str, last_line: int) -> str:
    if "field larger" in error:
        return (
            f"expected a row. Received: {error}, in line {last_line}. If a quotation mark is not "
            "closed, close it; otherwise shorten the cell."
        )
    if "unexpected end" in error:
        return (
            "expected a row. Received: a quotation mark that opens a cell and is not closed by "
            f"line {last_line}. Close it; double any quotation mark inside a cell."
        )
    return (
        f"expected a row. Received: {error}, in line {last_line}. A cell that begins with a "
        "quotation mark must end with one; double any inside it."
    )
