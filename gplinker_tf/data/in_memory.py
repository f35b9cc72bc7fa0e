"""Annotated texts in memory, converted to examples or written to files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.data.formats.readers import read_examples
from gplinker_tf.data.formats.text_input import TextInput
from gplinker_tf.data.writers.json_lines import extraction_to_json
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Schema, Span, Triple

if TYPE_CHECKING:
    import pandas

#: An example; a dict that is an object of any JSON format or a row of a table; or a pair of a text
#: and its triples, each of three strings.
AnnotatedText: TypeAlias = "Example | Mapping[str, Any] | tuple[str, Iterable[Sequence[str]]]"

#: Annotated texts, in memory or in a file.
AnnotatedData: TypeAlias = "Sequence[AnnotatedText] | pandas.DataFrame | str | Path | TextInput"

#: The keys of a dict that is a row of a table.
OF_A_ROW = ("text", "subject", "predicate", "object")


def as_examples(data: AnnotatedData, schema: Schema | None = None) -> list[Example]:
    """Convert annotated texts of any form to examples.

    Args:
        data: a file, an open input, a DataFrame with the columns of a table, or a list of
            examples, of dicts (objects of any JSON format, or rows of a table), or of pairs of a
            text and its triples.
        schema: the allowed predicates, or `None` for any. Predicates of `Example` objects are not
            checked.

    Returns:
        The texts with their triples.

    Raises:
        InputError: as `read_examples`. `texts:3` is the third item of a list, or the third line of
            a table, including the header.

    Example:

    >>> as_examples([("Ada wrote Tin", [("Ada", "wrote", "Tin")]), ("Tin", [])])
    [Example('Ada wrote Tin', 1 triple), Example('Tin', 0 triples)]
    """
    if isinstance(data, str | Path | TextInput):
        return read_examples(data, schema)
    if isinstance(data, Sequence) and all(isinstance(text, Example) for text in data):
        return list(data)
    with TemporaryDirectory() as folder:
        path = write_texts(folder, "texts", data)
        try:
            return read_examples(path, schema)
        except InputError as error:
            raise InputError(str(error).replace(str(path), "texts")) from error


def write_texts(
    folder: str | Path, name: str, data: Sequence[AnnotatedText] | pandas.DataFrame
) -> Path:
    """Write texts in memory as JSON lines, or as CSV if they are rows of a table.

    Args:
        folder: the folder to write to.
        name: the name of the file, without suffix.
        data: the texts, as for `as_examples`, but not a file.

    Returns:
        The file.

    Raises:
        InputError: `data` is neither a list nor a DataFrame, or an item is not an annotated text.
    """
    if not isinstance(data, Sequence) and not hasattr(data, "to_csv"):
        raise InputError(
            f"Expected a file, a list or a DataFrame. Received: {type(data).__name__}. Make it a "
            "list."
        )
    path = Path(folder) / name
    rows = _rows_of_a_table(data) if isinstance(data, Sequence) else []
    table = bool(rows) or not isinstance(data, Sequence)
    path = path.with_suffix(".csv" if table else ".jsonl")
    with whole_file(path) as unfinished:
        if not isinstance(data, Sequence):
            # Otherwise, offsets are floats in a column with missing values.
            data.convert_dtypes().to_csv(unfinished, index=False, encoding="utf-8")
        elif rows:
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                columns = list(dict.fromkeys(name for row in rows for name in row))
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        else:
            unfinished.write_text("".join(_lines(data)), "utf-8")
    return path


def _rows_of_a_table(data: Sequence[AnnotatedText]) -> list[Mapping[str, Any]]:
    """Return the items if each is a row of a table, else an empty list."""
    rows = [row for row in data if isinstance(row, Mapping) and row.keys() >= set(OF_A_ROW)]
    return rows if len(rows) == len(data) else []


def _lines(rows: Iterable[AnnotatedText]) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        try:
            yield _line(row) + "\n"
        except (TypeError, ValueError) as error:
            raise InputError(
                f"texts:{number}: expected an Example, a dict, or a pair of a text and its "
                f"triples. Received: {row!r:.60} ({error})."
            ) from error


def _line(row: AnnotatedText) -> str:
    if isinstance(row, Mapping):
        return json.dumps(row, ensure_ascii=False)
    if not isinstance(row, Example):
        text, triples = row
        row = Example(text, tuple(Triple(Span(s), p, Span(o)) for s, p, o in triples))
    return extraction_to_json(row.as_extraction())
