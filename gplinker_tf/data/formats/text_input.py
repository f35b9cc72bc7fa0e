"""A file or standard input, opened once; its name or its first line tells the format."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path

from gplinker_tf.data.formats.place import shown_name
from gplinker_tf.data.formats.text_lines import text_lines
from gplinker_tf.errors import InputError
from gplinker_tf.reprs import shortened_path

#: Each format as it is called in a sentence.
FORMATS = {
    "text": "plain text, one text per line",
    "jsonl": "JSON lines",
    "json": "a JSON array",
    "csv": "CSV",
    "tsv": "TSV",
}

#: What separates the cells of a table: the format's own first, then what programs write as well.
DELIMITERS = {"csv": ",;\t", "tsv": "\t,;"}

#: The columns of an annotated table.
COLUMNS = ("text", "subject", "predicate", "object")

SUFFIXES = {".csv": "csv", ".tsv": "tsv", ".json": "jsonl", ".jsonl": "jsonl", ".ndjson": "jsonl"}

#: The beginning of an array of objects, as far as one line shows it.
ARRAY = re.compile(r"\s*\[\s*(\{\s*(\"|\}|$)|\]?\s*$)")

#: Blank lines that are passed over to find the first that is none.
BLANK_LINES = 100


class TextInput:
    """An input of texts, annotated or not, which is read once, line by line.

    A name that ends in `.csv`, `.tsv`, `.json`, `.jsonl` or `.ndjson`, each plain or `.gz`, tells
    the format; whether JSON is an array or lines, and everything about another name, the first
    line tells that is not blank. No more than that line is read before it is needed.

    Args:
        path: the file; `-` is standard input.
        format: one of `FORMATS`, whatever name and first line say.

    Raises:
        InputError: there is no such file or no such format.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "texts"
    >>> _ = path.write_text('{"text": "Ada wrote Tin", "spo_list": []}')
    >>> TextInput(path).format, TextInput(path, "text").format
    ('jsonl', 'text')
    """

    def __init__(self, path: str | Path, format: str | None = None) -> None:
        if format not in (None, *FORMATS):
            raise InputError(f"Expected one of {', '.join(FORMATS)}. Received: format={format!r}.")
        self.path = path
        self._asked = format
        self._named = SUFFIXES.get(Path(str(path).lower().removesuffix(".gz")).suffix)
        self._rest = text_lines(path)
        self._is_read = False

    def __repr__(self) -> str:
        return f"TextInput({shortened_path(self.path)})"

    def lines(self) -> Iterator[str]:
        """The lines with their line ends.

        Raises:
            ValueError: they were asked for before; an input is read once.
        """
        if self._is_read:
            raise ValueError(
                f"Expected an input that is not read yet. Received: {self.path}, which is. Open "
                "it again, or give its path."
            )
        self._is_read = True
        return chain(self._beginning, self._rest)

    @cached_property
    def format(self) -> str:
        """One of `FORMATS`."""
        if self._asked is not None:
            return self._asked
        if self._named in DELIMITERS:
            return self._named
        if ARRAY.match(self.first_line) and self._is_array():
            return "json"
        if self._named is not None or _is_object(self.first_line):
            return "jsonl"
        return "csv" if _delimiter_with(COLUMNS, self.first_line, DELIMITERS["csv"]) else "text"

    @cached_property
    def delimiter(self) -> str | None:
        """What separates the cells of a table, by its header; `None` where it is no table."""
        if self.format not in DELIMITERS:
            return None
        known = DELIMITERS[self.format]
        return (
            _delimiter_with(COLUMNS, self.first_line, known)
            or _delimiter_with(COLUMNS[:1], self.first_line, known)
            or known[0]
        )

    @property
    def description(self) -> str:
        """What is read as what, and how that is known.

        Example:

        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "train.csv"
        >>> _ = path.write_text("text;subject;predicate;object")
        >>> print(TextInput(path).description.replace(str(path), path.name))
        Reading train.csv as CSV, delimiter ';' (by its name; --format overrides).
        """
        what = FORMATS[self.format]
        if self.delimiter is not None:
            what += f", delimiter {'tab' if self.delimiter == chr(9) else repr(self.delimiter)}"
        if self._asked is not None:
            return f"Reading {shown_name(self.path)} as {what}."
        known = "its name" if self._named == self.format else "its first line"
        if self.format == "text" and self.first_line.lstrip().startswith("{"):
            known = "its first line, which begins with '{' but is no JSON object"
        return f"Reading {shown_name(self.path)} as {what} (by {known}; --format overrides)."

    @property
    def first_line(self) -> str:
        """The first line that is not blank; empty where there is none."""
        return next((line for line in self._beginning if line.strip()), "")

    @cached_property
    def _beginning(self) -> list[str]:
        lines: list[str] = []
        for line in self._rest:
            lines.append(line)
            if line.strip() or len(lines) == BLANK_LINES:
                break
        return lines

    def _is_array(self) -> bool:
        """Whether objects follow, where the first line is a bracket alone."""
        if self.first_line.strip() != "[":
            return True
        following = next(self._rest, "")
        self._beginning.append(following)
        return following.lstrip().startswith(("{", "]"))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _delimiter_with(columns: tuple[str, ...], header: str, delimiters: str) -> str | None:
    """The first delimiter by which the header has each of the columns."""
    for delimiter in delimiters:
        try:
            row = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:  # a cell of more than 131,072 characters
            continue
        if {cell.strip().lower() for cell in row}.issuperset(columns):
            return delimiter
    return None
