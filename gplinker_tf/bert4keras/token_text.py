"""Tokens as bert4keras sees them: what kinds there are, and how to join them into text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from gplinker_tf.tokenizers import is_cjk
from gplinker_tf.tokenizers.normalizer import ASCII_PUNCTUATION

#: Code points of punctuation in Chinese text: first and last of each range.
CHINESE_PUNCTUATION = (
    *((0xB7, 0xB7), (0x2013, 0x2014), (0x2018, 0x2019), (0x201B, 0x201F), (0x2026, 0x2027)),
    *((0x3000, 0x3003), (0x3008, 0x3011), (0x3014, 0x301F), (0x3030, 0x3030), (0x303E, 0x303F)),
    *((0xFE4F, 0xFE4F), (0xFE51, 0xFE51), (0xFE54, 0xFE54), (0xFF01, 0xFF0D), (0xFF0F, 0xFF0F)),
    *((0xFF1A, 0xFF20), (0xFF3B, 0xFF40), (0xFF5B, 0xFF64)),
)
NO_SPACE_BEHIND = "".join(
    chr(code) for first, last in CHINESE_PUNCTUATION for code in range(first, last + 1)
)

#: Patterns of spaces that `join_tokens` removes, and their replacements.
CLOSED_UP = (
    (re.compile(" +"), " "),
    (re.compile("' (re|m|s|t|ve|d|ll) "), r"'\1 "),
    (re.compile(f"([{re.escape(NO_SPACE_BEHIND + '+-/={(<[')}]) "), r"\1"),
    (re.compile(r"(\d\.) (\d)"), r"\1\2"),
)


def stem(token: str) -> str:
    """Return a token without the ## that marks the continuation of a word.

    Example:

    >>> stem("##ing"), stem("king")
    ('ing', 'king')
    """
    return token[2:] if token[:2] == "##" else token


def is_special(token: str) -> bool:
    """Return whether a token is in brackets, like [CLS]."""
    return token[:1] == "[" and token[-1:] == "]"


def is_redundant(token: str) -> bool:
    """Return whether no text can have this token: one of its characters is a word by itself.

    Example:

    >>> is_redundant("##京"), is_redundant("京"), is_redundant("##ing")
    (True, False, False)
    """
    return len(token) > 1 and any(map(_is_word, stem(token)))


def join_tokens(tokens: Iterable[str]) -> str:
    """Join tokens into readable text, without the special ones.

    Example:

    >>> join_tokens(["[CLS]", "北", "京", "king", "##s", ",", "1", ".", "5", "[SEP]"])
    '北京kings, 1.5'
    """
    text = ""
    for number, token in enumerate(token for token in tokens if not is_special(token)):
        if token[:2] == "##":
            text += stem(token)
        elif len(token) == 1 and is_cjk(token):
            text += token
        elif len(token) == 1 and _is_word(token):
            text += f"{token} "
        elif number and is_cjk(text[-1:] or " "):
            text += token
        else:
            text += f" {token}"
    for pattern, replacement in CLOSED_UP:
        text = pattern.sub(replacement, text)
    return text.strip()


def is_punctuation(character: str) -> bool:
    """Return whether a character is punctuation, full-width or not; ASCII symbols count."""
    return character in ASCII_PUNCTUATION or unicodedata.category(character)[0] == "P"


def _is_word(character: str) -> bool:
    """Return whether a character is a word by itself: Chinese, or punctuation."""
    return is_punctuation(character) or is_cjk(character)
