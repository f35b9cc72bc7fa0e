"""Pieces of short reprs: words cut short, numbers with their noun, shapes in place of arrays."""

from __future__ import annotations

from typing import Any

#: Characters of a word or text that a repr shows.
MOST = 40


def cut_short(text: str, most: int = MOST) -> str:
    """The beginning of a text.

    Example:

    >>> cut_short("喜剧之王"), cut_short("喜剧之王", most=3)
    ('喜剧之王', '喜剧…')
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def shortened(text: Any) -> str:
    """The repr of a text, cut short.

    Example:

    >>> shortened("喜剧之王"), shortened("a" * 99)
    ("'喜剧之王'", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'")
    """
    return repr(cut_short(str(text)))


def shortened_path(path: Any) -> str:
    """The repr of a path, its beginning cut off.

    Example:

    >>> shortened_path("a" * 99 + "/runs/first")
    "'…aaaaaaaaaaaaaaaaaaaaaaaaaaaa/runs/first'"
    """
    path = str(path)
    return repr(path if len(path) <= MOST else "…" + path[1 - MOST :])


def shapes_repr(value: Any) -> str:
    """The `__repr__` of a named tuple, or another object, of arrays or tensors: their shapes.

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
