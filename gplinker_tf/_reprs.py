"""Helpers for short reprs: truncated text and paths, shapes instead of arrays."""

from __future__ import annotations

from typing import Any

#: Maximum number of characters of a text in a repr.
MOST = 40


def cut_short(text: str, most: int = MOST) -> str:
    """Truncate a text to at most `most` characters.

    Example:

    >>> cut_short("喜剧之王"), cut_short("喜剧之王", most=3)
    ('喜剧之王', '喜剧…')
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def shortened(text: Any) -> str:
    """Return the repr of a text, truncated.

    Example:

    >>> shortened("喜剧之王"), shortened("a" * 99)
    ("'喜剧之王'", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'")
    """
    return repr(cut_short(str(text)))


def shortened_path(path: Any) -> str:
    """Return the repr of a path; the beginning of a long one is cut off.

    Example:

    >>> shortened_path("a" * 99 + "/runs/first")
    "'…aaaaaaaaaaaaaaaaaaaaaaaaaaaa/runs/first'"
    """
    path = str(path)
    return repr(path if len(path) <= MOST else "…" + path[1 - MOST :])


def shapes_repr(value: Any) -> str:
    """Return the `__repr__` of a named tuple or object of arrays or tensors: their shapes.

    Example:

    >>> import numpy as np
    >>> from typing import NamedTuple
    >>> class Pairs(NamedTuple):
    ...     entity: np.ndarray
    ...     head: np.ndarray
    >>> print(shapes_repr(Pairs(np.zeros([2, 1, 2]), np.zeros([5, 1, 2]))))
    Pairs(entity [2, 1, 2], head [5, 1, 2])
    """
    named = value._asdict() if hasattr(value, "_asdict") else vars(value)
    parts = ", ".join(f"{name} {_shape(part)}" for name, part in named.items())
    return f"{type(value).__name__}({parts})"


def _shape(part: Any) -> str:
    if part is None:
        return "None"
    if isinstance(part, tuple):
        return repr(part)
    return str(list(part.shape)) if hasattr(part, "shape") else type(part).__name__
