"""Functions for strings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

is_py2 = False

#: Scripts import it so that Python 2 shows Chinese; Python 3 always does.
uniout = None


def is_string(s: Any) -> bool:
    """Return whether `s` is a `str`."""
    return isinstance(s, str)


def string_matching(s: str, keywords: Iterable[str]) -> bool:
    """Return whether one of the regular expressions is found in a string."""
    return any(re.search(keyword, s) for keyword in keywords)


def convert_to_unicode(text: Any, encoding: str = "utf-8", errors: str = "ignore") -> Any:
    """Decode bytes to text; return anything else unchanged.

    Args:
        text: bytes or text.
        encoding: encoding of the bytes.
        errors: how to handle bytes that cannot be decoded.
    """
    return text.decode(encoding, errors) if isinstance(text, bytes) else text


#: The two differ only under Python 2.
convert_to_str = convert_to_unicode


def lowercase_and_normalize(text: str) -> str:
    """Return a text in lower case, decomposed and without accents.

    Example:

    >>> lowercase_and_normalize("Éa")
    'ea'
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")


#: From full-width forms of ASCII characters, and the full-width space, to ASCII.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def strQ2B(ustring: str) -> str:
    """Convert full-width characters to half-width ones.

    Example:

    >>> strQ2B("ＡＢ　１")
    'AB 1'
    """
    return ustring.translate(FULL_WIDTH)


def text_segmentate(
    text: str, maxlen: int, seps: str = "\n", strips: str | None = None
) -> list[str]:
    """Split a text at its punctuation into pieces of at most `maxlen` characters, if possible.

    Args:
        text: the text to split.
        maxlen: longer pieces are split again, at the next separator.
        seps: separators, in the order in which they are tried; each stays with the piece before it.
        strips: characters that are removed from the ends of each piece.

    Example:

    >>> text_segmentate("一二。三四，五六，七。", maxlen=4, seps="。，")
    ['一二。', '三四，', '五六，', '七。']
    """
    text = text.strip().strip(strips)
    if not seps or len(text) <= maxlen:
        return [text]
    found: list[str] = []
    separator, waiting = seps[0], ""
    *pieces, last = text.split(separator)
    for piece, ending in [*((piece, separator) for piece in pieces), (last, "")]:
        if waiting and piece and len(waiting) + len(piece) > maxlen - 1:
            found += text_segmentate(waiting, maxlen, seps[1:], strips)
            waiting = ""
        waiting += piece + ending
    return found + (text_segmentate(waiting, maxlen, seps[1:], strips) if waiting else [])
