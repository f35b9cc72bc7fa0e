"""Counts with their nouns, such as `2,345 triples`."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number and its noun, with an s unless the number is 1.

    Example:

    >>> counted(1, "text"), counted(2345, "triple"), counted(0, "line")
    ('1 text', '2,345 triples', '0 lines')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
