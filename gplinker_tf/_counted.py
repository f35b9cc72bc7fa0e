"""Numbers with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number and its noun, which takes an s unless there is one.

    Example:

    >>> counted(1, "text"), counted(2345, "triple"), counted(0, "line")
    ('1 text', '2,345 triples', '0 lines')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
