"""Scores with as many digits as are written."""

from __future__ import annotations

from typing import overload

DIGITS = 4


@overload
def rounded(score: float) -> float: ...


@overload
def rounded(score: float | None) -> float | None: ...


def rounded(score: float | None) -> float | None:
    """The score with few digits; `None` where there is none.

    Example:

    >>> rounded(0.123456), rounded(None)
    (0.1235, None)
    """
    return None if score is None else round(score, DIGITS)
