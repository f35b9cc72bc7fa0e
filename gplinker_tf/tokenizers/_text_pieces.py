"""A long text in pieces that are tokenized as the whole is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from gplinker_tf.tokenizers.normalizer import is_cjk

#: Characters that are tokenized at once; the library's objects take hundreds of bytes for each.
PIECE = 1 << 16


def text_pieces(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text, each with the place where it starts.

    They end behind white space or a character that is a word of its own, where nothing depends on
    what follows; a word that is longer than a piece is one piece.

    Args:
        text: any text.

    Example:

    >>> [(start, len(piece)) for start, piece in text_pieces("是 " * 40_000)]
    [(0, 65536), (65536, 14464)]
    """
    start = 0
    while len(text) - start > PIECE:
        end = start + PIECE
        while end < len(text) and not _may_end(text[end - 1], text[end]):
            end += 1
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _may_end(last: str, following: str) -> bool:
    apart = last.isspace() or is_cjk(last)
    return apart and not unicodedata.category(following).startswith("M")
