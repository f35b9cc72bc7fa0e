"""A file or standard input, opened once; its name or its first line tells the format."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path

from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.place import shown_name
from gplinker_tf.data.formats.registry import FORMATS, Format
from gplinker_tf.data.formats.text_lines import text_lines
from gplinker_tf.errors import InputError

#: The format of all that no other recognizes.
PLAIN = "text"

#: Blank lines that are passed over to find the first that is none.
BLANK_LINES = 100


class TextInput:
    """An input of texts, annotated or not, which is read once, line by line.

    A name that ends in the suffix of a format, as `.csv` or `.jsonl`, plain or `.gz`, tells the
    format; whether JSON is an array or lines, and everything about another name, the first line
    tells that is not blank. No more than that line is read before it is needed.

    Args:
        path: the file; `-` is standard input.
        format: the name of one of `FORMATS`, whatever name and first line say.

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
                f"Expected an input that has not been read yet. Received: {self.path}, which "
                "has. Open it again, or pass its path."
            )
        self._is_read = True
        return chain(self._beginning, self._rest)

    @cached_property
    def kind(self) -> Format:
        """Its format."""
        if self._asked is not None:
            return FORMATS[self._asked]
        if len(self._named) == 1:
            return self._named[0]
        possible = self._named or list(FORMATS.values())
        otherwise = self._named[-1] if self._named else FORMATS[PLAIN]
        return next((kind for kind in possible if kind.recognizes(self)), otherwise)

    @property
    def format(self) -> str:
        """The name of its format."""
        return self.kind.name

    @property
    def delimiter(self) -> str | None:
        """What separates the cells of a table, by its header; `None` where it is no table."""
        return self.kind.delimiter(self)

    @cached_property
    def _named(self) -> list[Format]:
        """The formats of its suffix."""
        suffix = Path(str(self.path).lower().removesuffix(".gz")).suffix
        return [kind for kind in FORMATS.values() if suffix and suffix in kind.suffixes]

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
        what = self.kind.title
        if self.delimiter is not None:
            what += f", delimiter {'tab' if self.delimiter == chr(9) else repr(self.delimiter)}"
        if self._asked is not None:
            return f"Reading {shown_name(self.path)} as {what}."
        by_name = bool(self._named) and self._named[-1] is self.kind
        known = "its name" if by_name else "its first line"
        if self.format == PLAIN and self.first_line.lstrip().startswith("{"):
            known = "its first line, which begins with '{' but is not a JSON object"
        return f"Reading {shown_name(self.path)} as {what} (by {known}; --format overrides)."

    @property
    def first_line(self) -> str:
        """The first line that is not blank; empty where there is none."""
        return next((line for line in self._beginning if line.strip()), "")

    @cached_property
    def second_line(self) -> str:
        """The line behind the first that is not blank; empty where there is none."""
        following = next(self._rest, "")
        self._beginning.append(following)
        return following

    @cached_property
    def _beginning(self) -> list[str]:
        lines: list[str] = []
        for line in self._rest:
            lines.append(line)
            if line.strip() or len(lines) == BLANK_LINES:
                break
        return lines
