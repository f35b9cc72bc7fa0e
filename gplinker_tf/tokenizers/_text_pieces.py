"""Pieces of a long text that give the same tokens as the whole text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from gplinker_tf.tokenizers.normalizer import is_cjk

#: The number of characters tokenized at once; the library uses hundreds of bytes per character.
PIECE = 1 << 16


def text_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a text, each with its start offset.

    Pieces end after whitespace or a CJK character, where tokenization does not depend on what
    follows. A piece may exceed the usual length to include a whole word.

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
