"""CSV and TSV: a header `text, subject, predicate, object`, and a row for each triple."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.base import Format
from gplinker_tf.data.formats.place import Place, shown_name
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.text_lines import DamagedLine
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Span, Triple

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput

#: The columns of an annotated table.
COLUMNS = ("text", "subject", "predicate", "object")

#: What other programs call them.
ALSO_CALLED = {
    "text": ("sentence", "content"),
    "subject": ("head", "subj"),
    "predicate": ("relation", "rel"),
    "object": ("tail", "obj"),
}

#: In errors about quotation marks after which no row can be told from the next.
SWALLOWED = ("field larger", "unexpected end")

#: Columns that a schema takes its types from, if they are there.
TYPES = ("subject_type", "object_type")


class Table(Format):
    """A header with the names of columns, and a row for each triple.

    Columns stand in any order; others than `COLUMNS` and `TYPES` are ignored, and so are empty
    rows. A row with a text and three empty cells gives no triple. Rows of the same text are one
    example, where the first of them stands.

    Args:
        name: of the format.
        title: as a sentence calls it.
        delimiters: what separates cells: the format's own first, then what programs write as well.
    """

    merges_texts = True

    def __init__(self, name: str, title: str, delimiters: str) -> None:
        self.name = name
        self.title = title
        self.suffixes = (f".{name}",)
        self._delimiters = delimiters

    def recognizes(self, source: TextInput) -> bool:
        # Of a table without a suffix nobody can say whose delimiter comes first.
        return self.name == "csv" and self._with(COLUMNS, source) is not None

    def delimiter(self, source: TextInput) -> str:
        known = self._delimiters
        return self._with(COLUMNS, source) or self._with(COLUMNS[:1], source) or known[0]

    def records(self, source: TextInput) -> Iterator[Record]:
        rows = _cells(source, self.delimiter(source), COLUMNS)
        return source.read_each(rows, lambda row: _record(row[2], row[0], row[1]))

    def texts(self, source: TextInput) -> Iterator[str]:
        seen: set[str] = set()
        for _, _, cells in _cells(source, self.delimiter(source), COLUMNS[:1]):
            text = cells["text"]
            if text in seen and cells.keys() >= set(COLUMNS):
                continue
            seen.add(text)
            yield text

    def _with(self, columns: Sequence[str], source: TextInput) -> str | None:
        """The first delimiter by which the header has each of the columns."""
        for delimiter in self._delimiters:
            try:
                row = next(csv.reader([source.first_line], delimiter=delimiter), [])
            except csv.Error:  # a cell of more than 131,072 characters
                continue
            if set(_columns_of(row)).issuperset(columns):
                return delimiter
        return None


def _cells(
    source: TextInput, delimiter: str, wanted: Sequence[str]
) -> Iterator[tuple[Place, int, dict[str, str]]]:
    """Each row: its place, its last line, its cells by name."""
    header: dict[str, int] | None = None
    width = 0
    for place, last_line, row in _rows(source, delimiter):
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header, width = _header(row, place, delimiter, wanted), len(row)
            continue
        if len(row) != width:
            source.set_aside(
                place.error(
                    f"expected {width} cells, as in the header. Received: {len(row)}. Put a cell "
                    'that contains the separator or a line break in "quotation marks".'
                )
            )
            continue
        yield place, last_line, {name: row[column] for name, column in header.items()}
    if header is None:
        raise InputError(
            f"{shown_name(source.path)}: expected {_table(delimiter, wanted)}. Received: no lines."
        )


def _rows(source: TextInput, delimiter: str) -> Iterator[tuple[Place, int, list[str]]]:
    """Each row with its place and its last line."""
    lines = _Lines(source.lines_or_damage())
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
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


class _Lines(Iterator[str]):
    """The lines of a table, and which of them are damaged: their rows are."""

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
        """The first error since this was asked last."""
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


def _header(row: list[str], place: Place, delimiter: str, wanted: Sequence[str]) -> dict[str, int]:
    """The place of each column that is there, by the names of `COLUMNS` and `TYPES`."""
    found = _columns_of(row)
    if not set(found).issuperset(wanted):
        shown = delimiter.join(row)
        raise place.error(
            f"expected {_table(delimiter, wanted)}. "
            f"Received: {shown if len(shown) <= 60 else shown[:60] + '...'!r}. "
            "Rename the columns in the first line, so that each of these occurs once; "
            "sentence, head, relation and tail are understood too."
        )
    return found


def _columns_of(row: Sequence[str]) -> dict[str, int]:
    """The place of each column that stands in a header once, by its own name or another.

    Example:

    >>> _columns_of(["Sentence", "tail", "Head", "relation", "note"])
    {'text': 0, 'subject': 2, 'predicate': 3, 'object': 1}
    """
    names = [cell.strip().lower() for cell in row]
    found = {}
    for column in (*COLUMNS, *TYPES):
        called = next((n for n in (column, *ALSO_CALLED.get(column, ())) if n in names), None)
        if called is not None and names.count(called) == 1:
            found[column] = names.index(called)
    return found


def _table(delimiter: str, wanted: Sequence[str]) -> str:
    return f"a table with the header {delimiter.join(wanted)!r}"


def _record(cells: dict[str, str], place: Place, last_line: int) -> Record:
    subject, predicate, object_ = (cells[role] for role in COLUMNS[1:])
    if not (subject + predicate + object_).strip():
        return Record(place, last_line, cells["text"], (), ())
    triple = expect_words(Triple(Span(subject), predicate, Span(object_)), place)
    types = (cells.get(TYPES[0], ""), cells.get(TYPES[1], ""))
    return Record(place, last_line, cells["text"], (triple,), (types,))
