"""CSV and TSV: a header `text, subject, predicate, object`, and a row for each triple."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from gplinker_tf.data.formats.place import Place, shown_name
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.text_input import COLUMNS, TextInput
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Span, Triple

#: Columns that a schema takes its types from, if they are there.
TYPES = ("subject_type", "object_type")


def table_records(source: TextInput) -> Iterator[Record]:
    """The rows of an annotated table; empty ones are passed over.

    Columns stand in any order; others than `COLUMNS` and `TYPES` are ignored. A row with a text
    and three empty cells gives no triple.

    Args:
        source: an input in the format `csv` or `tsv`.

    Raises:
        InputError: the header lacks a column, or a row is not what the header promises.
    """
    for place, last_line, cells in _cells(source, COLUMNS):
        yield _record(cells, place, last_line)


def table_texts(source: TextInput) -> Iterator[str]:
    """The texts of a table that has a column `text`.

    Where it is annotated, with all of `COLUMNS`, rows of the same text are one text, in the place
    of the first.

    Args:
        source: an input in the format `csv` or `tsv`.

    Raises:
        InputError: the header lacks the column, or a row is not what the header promises.
    """
    seen: set[str] = set()
    for _, _, cells in _cells(source, COLUMNS[:1]):
        text = cells["text"]
        if text in seen and cells.keys() >= set(COLUMNS):
            continue
        seen.add(text)
        yield text


def _cells(source: TextInput, wanted: Sequence[str]) -> Iterator[tuple[Place, int, dict[str, str]]]:
    """Each row: its place, its last line, its cells by name."""
    delimiter = source.delimiter
    if delimiter is None:
        raise ValueError(f"Expected a table. Received: {source}, in the format {source.format}.")
    header: dict[str, int] | None = None
    width = 0
    for place, last_line, row in _rows(source, delimiter):
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header, width = _header(row, place, delimiter, wanted), len(row)
            continue
        if len(row) != width:
            raise place.error(
                f"expected {width} cells, as in the header. Received: {len(row)}. "
                'A cell that holds the separator or a line break stands in "quotation marks".'
            )
        yield place, last_line, {name: row[column] for name, column in header.items()}
    if header is None:
        raise InputError(
            f"{shown_name(source.path)}: expected {_table(delimiter, wanted)}. Received: no line."
        )


def _rows(source: TextInput, delimiter: str) -> Iterator[tuple[Place, int, list[str]]]:
    """Each row with its place and its last line."""
    reader = csv.reader(source.lines(), delimiter=delimiter, strict=True)
    while True:
        place = Place(source.path, reader.line_num + 1)
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise place.error(_damage(str(error), reader.line_num)) from error
        if row is None:
            return
        yield place, reader.line_num, row


def _damage(error: str, last_line: int) -> str:
    if "field larger" in error:
        return (
            f"expected a row. Received: {error}, in line {last_line}. If a quotation mark is not "
            "closed, close it; else shorten the cell."
        )
    if "unexpected end" in error:
        return (
            "expected a row. Received: a quotation mark that opens a cell and is not closed up to "
            f"line {last_line}. Close it; a quotation mark inside a cell is duplicate."
        )
    return (
        f"expected a row. Received: {error}, in line {last_line}. A cell that begins with a "
        "quotation mark ends with one, and those inside it are duplicate."
    )


def _header(row: list[str], place: Place, delimiter: str, wanted: Sequence[str]) -> dict[str, int]:
    """The column of each name."""
    names = [cell.strip().lower() for cell in row]
    if any(names.count(name) != 1 for name in wanted):
        shown = delimiter.join(row)
        raise place.error(
            f"expected {_table(delimiter, wanted)}. "
            f"Received: {shown if len(shown) <= 60 else shown[:60] + '...'!r}. "
            "Rename the columns in the first line, so that each of these is there once."
        )
    return {name: names.index(name) for name in (*COLUMNS, *TYPES) if name in names}


def _table(delimiter: str, wanted: Sequence[str]) -> str:
    return f"a table with the header {delimiter.join(wanted)!r}"


def _record(cells: dict[str, str], place: Place, last_line: int) -> Record:
    subject, predicate, object_ = (cells[role] for role in COLUMNS[1:])
    if not (subject + predicate + object_).strip():
        return Record(place, last_line, cells["text"], (), ())
    triple = expect_words(Triple(Span(subject), predicate, Span(object_)), place)
    types = (cells.get(TYPES[0], ""), cells.get(TYPES[1], ""))
    return Record(place, last_line, cells["text"], (triple,), (types,))
