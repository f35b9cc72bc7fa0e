"""Rounding of scores for output."""

from __future__ import annotations

from typing import overload

DIGITS = 4


@overload
def rounded(score: float) -> float: ...


@overload
def rounded(score: float | None) -> float | None: ...


def rounded(score: float | None) -> float | None:
    """Round a score to four decimal places; `None` stays `None`.

    Example:

    >>> rounded(0.123456), rounded(None)
    (0.1235, None)
    """
    return None if score is None else round(score, DIGITS)
