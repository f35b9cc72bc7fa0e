"""A line of a file, and errors that name it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from gplinker_tf._reprs import shortened_path
from gplinker_tf.errors import InputError

#: The path that means standard input.
STDIN = "-"


def shown_name(path: str | Path) -> str:
    """Return the name of an input for messages.

    Example:

    >>> shown_name("data/train.csv"), shown_name(STDIN)
    ('data/train.csv', 'stdin')
    """
    return "stdin" if str(path) == STDIN else str(path)


class Place(NamedTuple):
    """The location of a line or item in a file.

    Args:
        path: the file; `-` is standard input.
        number: the line number, from 1.
        item: the number of the item of an array if the line has several; else `None`.

    Example:

    >>> str(Place("train.csv", 3).error("expected a text."))
    'train.csv:3: expected a text.'
    >>> str(Place("train.json", 1, 7).error("expected a text."))
    'train.json:1: item 7: expected a text.'
    """

    path: str | Path
    number: int
    item: int | None = None

    def __repr__(self) -> str:
        item = "" if self.item is None else f", {self.item}"
        return f"Place({shortened_path(self.path)}, {self.number}{item})"

    def error(self, message: str) -> InputError:
        """Return an error whose message begins with the file and line."""
        item = "" if self.item is None else f" item {self.item}:"
        return InputError(f"{shown_name(self.path)}:{self.number}:{item} {message}", self)
