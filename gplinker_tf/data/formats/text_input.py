"""A file or standard input, opened once; its name or its first line tells the format."""

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

#: The format of all that no other recognizes.
PLAIN = "text"

Item = TypeVar("Item")
Value = TypeVar("Value")


class TextInput:
    """An input of texts, annotated or not, which is read once, line by line.

    A name that ends in the suffix of a format, as `.csv` or `.jsonl`, plain or `.gz`, tells the
    format; whether JSON is an array or lines, and everything about another name, the first line
    tells that is not blank. No more than that line is read before it is needed.

    Args:
        path: the file; `-` is standard input.
        format: the name of one of `FORMATS`, whatever name and first line say.
        set_aside: is told the error of each line, row or item that cannot be read, and reading
            goes on after it; `None` to raise the first. The error's `place` has path and line.
        columns: of a table, what it calls them: `{"text": "sentence"}`.

    Raises:
        InputError: there is no such file or no such format.

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
        #: How many items were set aside so far.
        self.left_out = 0
        self.columns = dict(columns or {})
        self._lines = PeekedLines(self._text_lines(), whole=set_aside is None)
        self._is_read = False

    def __repr__(self) -> str:
        return f"TextInput({shortened_path(self.path)})"

    def set_aside(self, error: InputError) -> None:
        """Leave out the item that an error is about; a format calls this and goes on.

        Raises:
            InputError: the error itself, where the input was opened without `set_aside`.
        """
        if self._set_aside is None:
            raise error
        self.left_out += 1
        self._set_aside(error)

    def read_each(self, items: Iterable[Item], read: Callable[[Item], Value]) -> Iterator[Value]:
        """What a function reads of each item; items that it refuses are set aside.

        Args:
            items: lines, rows or objects.
            read: raises `InputError` for a bad one.
        """
        for item in items:
            try:
                value = read(item)
            except InputError as error:
                self.set_aside(error)
            else:
                yield value

    def numbered_lines(self) -> Iterator[tuple[Place, str]]:
        """The lines with their places; damaged ones are set aside.

        Raises:
            ValueError: as `lines_or_damage`.
        """
        for number, line in enumerate(self.lines_or_damage(), start=1):
            if isinstance(line, DamagedLine):
                self.set_aside(line.error)
            else:
                yield Place(self.path, number), line

    def lines(self) -> Iterator[str]:
        """The lines with their line ends, of an input that is read whole or not at all.

        Raises:
            ValueError: as `lines_or_damage`.
            InputError: a line is damaged.
        """
        return map(whole_line, self.lines_or_damage())

    def lines_or_damage(self) -> Iterator[str | DamagedLine]:
        """The lines with their line ends, damaged ones in their places.

        Raises:
            ValueError: they were asked for before; an input is read once.
        """
        if self._is_read:
            raise ValueError(
                f"Expected an input that has not been read yet. Received: {self.path}, which "
                "has. Open it again, or pass its path."
            )
        self._is_read = True
        return self._lines.all()

    @cached_property
    def kind(self) -> Format:
        """Its format."""
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

    @cached_property
    def _kind_of_path(self) -> Format | None:
        """The format that reads the path itself."""
        path = Path(str(self.path))
        if str(self.path) == STDIN or not path.exists():
            return None
        kinds = reversed(FORMATS.values())
        return next((kind for kind in kinds if kind.recognizes_path(path)), None)

    @property
    def _reads_itself(self) -> bool:
        """Whether the format reads the path, not its lines."""
        return self._kind_of_path is not None and self._asked in (None, self._kind_of_path.name)

    def _text_lines(self) -> Iterator[str | DamagedLine]:
        if self._reads_itself:
            return iter(())
        if str(self.path) == STDIN:
            return self._standard_input()
        return text_lines(self.path, self.encoding)

    def _standard_input(self) -> Iterator[str | DamagedLine]:
        """Asks for the encoding, which waits for input, only when the first line is read."""
        yield from text_lines(self.path, self.encoding)

    @cached_property
    def encoding(self) -> str:
        """The encoding of the text: UTF-8, or another that the file is certain to be in."""
        return UTF_8 if self._reads_itself else encoding_of(self.path)

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
        """The first line that is not blank; empty where there is none."""
        return self._lines.first

    @property
    def second_line(self) -> str:
        """The line behind the first that is not blank; empty where there is none."""
        return self._lines.second

    @cached_property
    def first_object(self) -> dict[str, Any] | None:
        """The first object of JSON lines or of an array of JSON; `None` where there is none."""
        return first_object(self)

    def beginning(self, count: int) -> list[str]:
        """The first lines, as many as there are of those asked for; damaged ones are left out."""
        return self._lines.beginning(count)
