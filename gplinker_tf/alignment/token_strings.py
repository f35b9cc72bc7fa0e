"""Token ids as strings, so that words are found among tokens at the speed of `str.find`."""

from __future__ import annotations

import numpy as np


def token_string(token_ids: np.ndarray) -> str:
    """Convert token ids to a string, in which the code point of each character is the id.

    Args:
        token_ids: integers `[L]`, each a valid code point: below 1,114,112.

    Returns:
        A string of `L` characters.

    Example:

    >>> text, word = token_string(np.array([2, 7, 9, 9, 3])), token_string(np.array([9, 3]))
    >>> text.find(word), first_place(word, text), first_place(word, text, 4)
    (3, 3, None)
    """
    return token_ids.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def first_place(word: str, text: str, start: int = 0) -> int | None:
    """Find the first occurrence of a word's tokens in a text, at or after `start`.

    A word without tokens does not occur.

    Args:
        word: the `token_string` of the word.
        text: the `token_string` of the text.
        start: the first index to consider.

    Returns:
        The index in the text of the word's first token, or `None`.

    Example:

    >>> text, word = token_string(np.array([2, 7, 9, 7, 3])), token_string(np.array([7]))
    >>> first_place(word, text), first_place(word, text, 2), first_place("", text)
    (1, 3, None)
    """
    place = text.find(word, start) if word else -1
    return None if place < 0 else place
