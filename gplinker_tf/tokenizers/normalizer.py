"""Text as BERT reads it, and for each of its characters the ones it came from."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np

#: Blocks that bert4keras counts as CJK; each such character is a word.
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

#: Stands in for half a surrogate pair, which is no Unicode text; no vocabulary holds it.
NONCHARACTER = "\uffff"


class Normalized(NamedTuple):
    """A normalized text; its `i`-th character stands for `source[start[i]:end[i]]`."""

    text: str
    start: np.ndarray
    end: np.ndarray


class Normalizer:
    """Lower-cases, strips accents and controls, and puts spaces around CJK and punctuation.

    Most characters mean the same wherever they stand: their pieces are looked up. Where a text
    has one of the few that do not (a capital sigma, marks that change places), it is read whole.

    Args:
        lowercase: lower-case and strip accents; otherwise split only.

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
        """The normalized text with the places of its characters in the source."""
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
    """Code point to normalized piece, filled as characters are met.

    Attributes:
        length: characters of each piece, by code point.
        accent: whether the character is stripped and belongs to the one before it.
        contextual: whether its piece depends on its neighbors.
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
        # Last: another thread takes what it finds here as complete.
        self[code] = piece
        return piece


def lowered(text: str) -> str:
    """A text in lower case, without accents.

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
    """Whether a character is a word of its own to BERT.

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
    """The character, with spaces around it if it is a word, or a space, or nothing."""
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
    """Normalizes a whole text; slow, and right for every character."""
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
    """Unicode's order of combining characters: by class, within each run of them; no accents.

    Sources stay in the order of the text, so that offsets never fall; those of accents, which
    belong to the character before them, are no other character's.
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
    """For each place, and the one after the last, the first place from there on without accent."""
    places = np.append(np.where(accents, len(accents), np.arange(len(accents))), len(accents))
    return np.minimum.accumulate(places[::-1])[::-1]
