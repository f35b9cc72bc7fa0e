"""CSV and TSV: a header `text, subject, predicate, object`, and a row for each triple."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from gplinker_tf.data.place import Place
from gplinker_tf.data.record import Record, expect_words
from gplinker_tf.data.text_lines import text_lines
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Span, Triple

DELIMITERS = {".csv": ",", ".tsv": "\t"}
COLUMNS = ("text", "subject", "predicate", "object")

#: Columns that a schema takes its types from, if they are there.
TYPES = ("subject_type", "object_type")


def table_delimiter(path: str | Path) -> str | None:
    """What separates the cells of a table, known by its name; `None` where it is no table's name.

    Example:

    >>> table_delimiter("train.csv.gz"), table_delimiter("train_data.json")
    (',', None)
    """
    name = Path(path).name.lower().removesuffix(".gz")
    return DELIMITERS.get(Path(name).suffix)


def table_records(path: str | Path, delimiter: str) -> Iterator[Record]:
    """The rows of a table; empty ones are passed over.

    Columns stand in any order; others than `COLUMNS` and `TYPES` are ignored. A row with a text
    and three empty cells gives no triple.

    Args:
        path: the file, plain or gzipped.
        delimiter: what separates cells.

    Raises:
        InputError: the header lacks a column, or a row is not what the header promises.
    """
    reader = csv.reader(text_lines(path), delimiter=delimiter, strict=True)
    header: dict[str, int] | None = None
    width = 0
    for place, row in _rows(reader, path):
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header, width = _header(row, place, delimiter), len(row)
            continue
        if len(row) != width:
            raise place.error(
                f"expected {width} cells, as in the header. Received: {len(row)}. "
                'A cell that holds the separator or a line break stands in "quotation marks".'
            )
        cells = {name: row[column] for name, column in header.items()}
        yield _record(cells, place, reader.line_num)
    if header is None:
        raise InputError(f"{path}: expected {_wanted(delimiter)}. Received: no line.")


def _rows(reader: Iterator[list[str]], path: str | Path) -> Iterator[tuple[Place, list[str]]]:
    while True:
        place = Place(path, reader.line_num + 1)
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise place.error(_damage(str(error), reader.line_num)) from error
        if row is None:
            return
        yield place, row


def _damage(error: str, last_line: int) -> str:
    if "field larger" in error:
        return (
            f"expected a row. Received: {error}, in line {last_line}. If a quotation mark is not "
            "closed, close it; else shorten the cell."
        )
    if "unexpected end" in error:
        return (
            "expected a row. Received: a quotation mark that opens a cell and is not closed up to "
            f"line {last_line}. Close it; a quotation mark inside a cell is doubled."
        )
    return (
        f"expected a row. Received: {error}, in line {last_line}. A cell that begins with a "
        "quotation mark ends with one, and those inside it are doubled."
    )


def _header(row: list[str], place: Place, delimiter: str) -> dict[str, int]:
    """The column of each name."""
    names = [cell.strip().lower() for cell in row]
    if any(names.count(name) != 1 for name in COLUMNS):
        shown = delimiter.join(row)
        raise place.error(
            f"expected {_wanted(delimiter)}. "
            f"Received: {shown if len(shown) <= 60 else shown[:60] + '...'!r}. "
            "Name each of these columns once, in the first line."
        )
    return {name: names.index(name) for name in (*COLUMNS, *TYPES) if name in names}


def _wanted(delimiter: str) -> str:
    return f"a table with the header {delimiter.join(COLUMNS)!r}"


def _record(cells: dict[str, str], place: Place, last_line: int) -> Record:
    subject, predicate, object_ = (cells[role] for role in COLUMNS[1:])
    if not (subject + predicate + object_).strip():
        return Record(place, last_line, cells["text"], (), ())
    triple = expect_words(Triple(Span(subject), predicate, Span(object_)), place)
    types = (cells.get(TYPES[0], ""), cells.get(TYPES[1], ""))
    return Record(place, last_line, cells["text"], (triple,), (types,))
