"""A note of `migrate` on a line of a script."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """A line of a script that will not work, or that was replaced.

    Args:
        line: its number in the old script, from 1.
        text: the problem and how to fix it.
        done: whether `migrate` has already changed it.

    Example:

    >>> Note(3, "total_loss: models no longer have a symbolic loss")
    Note(line=3, text='total_loss: models no longer have a symbolic loss', done=False)
    """

    line: int
    text: str
    done: bool = False
