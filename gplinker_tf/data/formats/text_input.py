"""An input file or standard input, whose format is detected from its name or first line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.encodings import UTF_8, encoding_of
from gplinker_tf.data.formats.json_items import first_object
from gplinker_tf.data.formats.peeked_lines import PeekedLines
from gplinker_tf.data.formats.place import STDIN, Place, shown_name
from gplinker_tf.data.formats.registry import FORMATS, Format
from gplinker_tf.data.formats.text_lines import DamagedLine, text_lines, whole_line
from gplinker_tf.errors import InputError

#: The format of an input that no other format recognizes.
PLAIN = "text"

Item = TypeVar("Item")
Value = TypeVar("Value")


class TextInput:
    """An input of texts, annotated or not, which is read once, line by line.

    The format is detected from the suffix of the name, such as `.csv`, with or without `.gz`. If
    the suffix is unknown or has several formats, like `.json`, the beginning of the input decides.
    Later lines are read only when they are needed.

    Args:
        path: the file; `-` is standard input.
        format: the name of one of `FORMATS`, instead of detection.
        set_aside: a function that is called with the error of each unreadable line, row or item,
            which is then skipped; the error's `place` has path and line. `None` to raise the error.
        columns: the names that a table uses for its columns: `{"text": "sentence"}`.

    Raises:
        InputError: the file or the format does not exist.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "texts"
    >>> _ = path.write_text('{"text": "Ada wrote Tin", "spo_list": []}')
    >>> TextInput(path).format, TextInput(path, "text").format
    ('jsonl', 'text')
    >>> from gplinker_tf.data import read_texts
    >>> _ = path.write_text('{"text": "Ada wrote Tin"}\\n{"text": 7}\\n{"text": "Tin"}')
    >>> errors = []
    >>> list(read_texts(TextInput(path, set_aside=errors.append))), errors[0].place.number
    (['Ada wrote Tin', 'Tin'], 2)
    """

    def __init__(
        self,
        path: str | Path,
        format: str | None = None,
        set_aside: Callable[[InputError], None] | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        if format not in (None, *FORMATS):
            raise InputError(f"Expected one of {', '.join(FORMATS)}. Received: format={format!r}.")
        self.path = path
        self._asked = format
        self._set_aside = set_aside
        #: The number of items skipped so far.
        self.left_out = 0
        self.columns = dict(columns or {})
        self._lines = PeekedLines(self._text_lines(), whole=set_aside is None)
        self._is_read = False

    def __repr__(self) -> str:
        return f"TextInput({shortened_path(self.path)})"

    def set_aside(self, error: InputError) -> None:
        """Skip the item that an error is about; a format calls this and continues.

        Raises:
            InputError: the error itself, if the input was opened without `set_aside`.
        """
        if self._set_aside is None:
            raise error
        self.left_out += 1
        self._set_aside(error)

    def read_each(self, items: Iterable[Item], read: Callable[[Item], Value]) -> Iterator[Value]:
        """Yield the result of a function for each item, and skip items for which it fails.

        Args:
            items: lines, rows or objects.
            read: the function, which raises `InputError` for a bad item.
        """
        for item in items:
            try:
                value = read(item)
            except InputError as error:
                self.set_aside(error)
            else:
                yield value

    def numbered_lines(self) -> Iterator[tuple[Place, str]]:
        """Yield the lines with their places, and skip damaged ones.

        Raises:
            ValueError: as `lines_or_damage`.
        """
        for number, line in enumerate(self.lines_or_damage(), start=1):
            if isinstance(line, DamagedLine):
                self.set_aside(line.error)
            else:
                yield Place(self.path, number), line

    def lines(self) -> Iterator[str]:
        """Return the lines with their line ends; a damaged line is always an error.

        Raises:
            ValueError: as `lines_or_damage`.
            InputError: a line is damaged.
        """
        return map(whole_line, self.lines_or_damage())

    def lines_or_damage(self) -> Iterator[str | DamagedLine]:
        """Return the lines with their line ends; damaged ones are `DamagedLine` objects.

        Raises:
            ValueError: the input has been read before.
        """
        if self._is_read:
            raise ValueError(
                f"Expected an input that has not been read yet. Received: {self.path}, which "
                "has been read. Open it again, or pass its path."
            )
        self._is_read = True
        return self._lines.all()

    @cached_property
    def kind(self) -> Format:
        """The format of the input."""
        if self._asked is not None:
            return FORMATS[self._asked]
        if self._kind_of_path is not None:
            return self._kind_of_path
        if len(self._named) == 1:
            return self._named[0]
        possible = self._named or list(FORMATS.values())
        otherwise = self._named[0] if self._named else FORMATS[PLAIN]
        return next((kind for kind in reversed(possible) if kind.recognizes(self)), otherwise)

    @property
    def format(self) -> str:
        """The name of the format."""
        return self.kind.name

    @property
    def delimiter(self) -> str | None:
        """The delimiter of a table, detected from its header; `None` if it is not a text table."""
        return self.kind.delimiter(self)

    @cached_property
    def _named(self) -> list[Format]:
        """The formats with the suffix of the input."""
        suffix = Path(str(self.path).lower().removesuffix(".gz")).suffix
        return [kind for kind in FORMATS.values() if suffix and suffix in kind.suffixes]

    @cached_property
    def _kind_of_path(self) -> Format | None:
        """The format that reads the path itself, not its lines; `None` if there is none."""
        path = Path(str(self.path))
        if str(self.path) == STDIN or not path.exists():
            return None
        kinds = reversed(FORMATS.values())
        return next((kind for kind in kinds if kind.recognizes_path(path)), None)

    @property
    def _reads_itself(self) -> bool:
        """Whether the format reads the path itself, not its lines."""
        return self._kind_of_path is not None and self._asked in (None, self._kind_of_path.name)

    def _text_lines(self) -> Iterator[str | DamagedLine]:
        if self._reads_itself:
            return iter(())
        if str(self.path) == STDIN:
            return self._standard_input()
        return text_lines(self.path, self.encoding)

    def _standard_input(self) -> Iterator[str | DamagedLine]:
        """Detect the encoding, which waits for input, only when the first line is read."""
        yield from text_lines(self.path, self.encoding)

    @cached_property
    def encoding(self) -> str:
        """The encoding of the text: UTF-8, or another one if it was detected with certainty."""
        return UTF_8 if self._reads_itself else encoding_of(self.path)

    @property
    def description(self) -> str:
        """A sentence with the input, its format, and how the format was detected.

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
        if self.encoding != UTF_8:
            what += f", in {self.encoding}"
        if self._asked is not None:
            return f"Reading {shown_name(self.path)} as {what}."
        by_name = bool(self._named) and self._named[0] is self.kind
        known = "its name" if by_name else "its first line"
        if self._reads_itself:
            known = "what it contains"
        if self.format == PLAIN and self.first_line.lstrip().startswith("{"):
            known = "its first line, which begins with '{' but is not a JSON object"
        return f"Reading {shown_name(self.path)} as {what} (by {known}; --format overrides)."

    @property
    def first_line(self) -> str:
        """The first line that is not blank; empty if there is none."""
        return self._lines.first

    @property
    def second_line(self) -> str:
        """The line after `first_line`; empty if there is none."""
        return self._lines.second

    @cached_property
    def first_object(self) -> dict[str, Any] | None:
        """The first object of JSON lines or of a JSON array; `None` if there is none."""
        return first_object(self)

    def beginning(self, count: int) -> list[str]:
        """Return up to `count` lines from the beginning, without damaged ones."""
        return self._lines.beginning(count)
