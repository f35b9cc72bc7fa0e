"""BERT's text normalization, with the source characters of each normalized character."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np

#: The Unicode blocks that bert4keras treats as CJK; each such character is a word.
CJK_BLOCKS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

#: Replaces an unpaired surrogate, which is not valid Unicode text; no vocabulary contains it.
NONCHARACTER = "\uffff"


class Normalized(NamedTuple):
    """A normalized text, whose character `i` comes from `source[start[i]:end[i]]`."""

    text: str
    start: np.ndarray
    end: np.ndarray


class Normalizer:
    """A normalizer that lowercases, strips accents and controls, and splits CJK and punctuation.

    Most characters are looked up, since their result does not depend on the context. A text with
    one of the few exceptions (a capital sigma, or reordered marks) is processed as a whole.

    Args:
        lowercase: whether to lowercase and strip accents; the rest is always done.

    Example:

    >>> text, start, end = Normalizer(lowercase=True)("Cafe\u0301是")
    >>> text, start.tolist(), end.tolist()
    ('cafe 是 ', [0, 1, 2, 3, 5, 5, 5], [1, 2, 3, 5, 6, 6, 6])
    """

    def __init__(self, lowercase: bool) -> None:
        self._pieces = _Pieces(lowercase)

    def __repr__(self) -> str:
        return f"Normalizer(lowercase={self._pieces.lowercase})"

    def __call__(self, text: str) -> Normalized:
        """Return the normalized text with the source offsets of its characters."""
        pieces = self._pieces
        normalized = text.translate(pieces)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        start = np.repeat(np.arange(len(codes)), pieces.length[codes])
        if pieces.contextual[codes].any():
            normalized, start = _in_context(text)
        accents = pieces.accent[codes]
        if not accents.any():
            return Normalized(normalized, start, start + 1)
        return Normalized(normalized, start, _next_base(accents)[start + 1])


class _Pieces(dict):
    """A map from code points to normalized pieces, filled as characters occur.

    Attributes:
        length: the number of characters of each piece, by code point.
        accent: whether the character is stripped and belongs to the one before it, by code point.
        contextual: whether its piece depends on its neighbors, by code point.
    """

    def __init__(self, lowercase: bool) -> None:
        super().__init__()
        self.lowercase = lowercase
        self.length = np.zeros(0x110000, np.uint8)
        self.accent = np.zeros(0x110000, bool)
        self.contextual = np.zeros(0x110000, bool)

    def __missing__(self, code: int) -> str:
        character = chr(code)
        parts = character
        if self.lowercase:
            parts = unicodedata.normalize("NFD", character.lower())
            self.accent[code] = _is_accent(character)
            self.contextual[code] = character == "Σ" or any(
                unicodedata.combining(part) and not _is_accent(part) for part in parts
            )
            parts = _without_accents(parts)
        piece = "".join(map(_split_piece, parts))
        self.length[code] = len(piece)
        # Set last: another thread treats an entry as complete.
        self[code] = piece
        return piece


def lowered(text: str) -> str:
    """Convert a text to lower case, without accents.

    Args:
        text: any text.

    Returns:
        The text, decomposed (NFD), without nonspacing marks.

    Example:

    >>> lowered("Élan")
    'elan'
    """
    return _without_accents(unicodedata.normalize("NFD", text.lower()))


def is_cjk(character: str) -> bool:
    """Return whether BERT treats a character as a separate word.

    Args:
        character: one character.

    Example:

    >>> [is_cjk(character) for character in "京aの"]
    [True, False, False]
    """
    return any(first <= ord(character) <= last for first, last in CJK_BLOCKS)


def _without_accents(parts: str) -> str:
    return "".join(part for part in parts if not _is_accent(part))


def _is_accent(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


def _split_piece(character: str) -> str:
    """Return the character, with spaces around it if it is a word, or a space, or nothing."""
    code, category = ord(character), unicodedata.category(character)
    if character in ASCII_PUNCTUATION or category.startswith("P"):
        return f" {character} "
    if is_cjk(character):
        return f" {character} "
    if character in " \n\r\t" or category == "Zs":
        return " "
    if category in ("Cc", "Cf") or code == 0xFFFD:
        return ""
    if category == "Cs":
        return NONCHARACTER
    return " " if character.isspace() else character


def _in_context(text: str) -> tuple[str, np.ndarray]:
    """Normalize a whole text, which is slow, but correct for every character."""
    lowered = text.lower()
    parts: list[tuple[str, int]] = []
    place = 0
    for source, character in enumerate(text):
        size = len(character.lower())
        decomposed = unicodedata.normalize("NFD", lowered[place : place + size])
        parts += [(part, source) for part in decomposed]
        place += size
    pieces = [(_split_piece(part), source) for part, source in _canonical_order(parts)]
    lengths = [len(piece) for piece, _ in pieces]
    sources = np.array([source for _, source in pieces], np.int64)
    return "".join(piece for piece, _ in pieces), np.repeat(sources, lengths)


def _canonical_order(parts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Sort each run of combining characters by class, as Unicode does, and drop accents.

    Sources stay in the order of the text, so that offsets never decrease. The sources of accents,
    which belong to the character before them, are dropped too.
    """
    ordered: list[tuple[str, int]] = []
    run: list[tuple[str, int]] = []
    for part in [*parts, ("", -1)]:
        if part[0] and unicodedata.combining(part[0]):
            run.append(part)
            continue
        run = [(character, source) for character, source in run if not _is_accent(character)]
        characters = sorted((character for character, _ in run), key=unicodedata.combining)
        ordered += zip(characters, (source for _, source in run), strict=True)
        run = []
        ordered.append(part)
    return [part for part in ordered[:-1] if not _is_accent(part[0])]


def _next_base(accents: np.ndarray) -> np.ndarray:
    """Return, for each index up to the length, the first index from there on without an accent."""
    places = np.append(np.where(accents, len(accents), np.arange(len(accents))), len(accents))
    return np.minimum.accumulate(places[::-1])[::-1]
