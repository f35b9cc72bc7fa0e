"""A text with its tokens, and conversion between characters and tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened
from gplinker_tf.alignment.text_windows import Place, holds
from gplinker_tf.alignment.token_strings import token_string
from gplinker_tf.structures import Encoding
from gplinker_tf.tokenizers import is_cjk


class AlignedText:
    """A text and its tokens.

    Args:
        source: the text.
        encoding: all of its tokens.
        windows: the first and last token of each window in which a model reads it; defaults to one
            window with the whole text.

    Example:

    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "our", "part", "##y"])
    >>> text = AlignedText("Our party", tokenizer.encode("Our party"))
    >>> text.tokens(4, 9), text.tokens(5, 8), text.characters((1, 2))
    ((2, 3), None, (0, 8))
    """

    __slots__ = ("_ends", "_offsets", "_starts", "_tokens", "encoding", "source", "windows")

    def __init__(
        self, source: str, encoding: Encoding, windows: Sequence[Place] | None = None
    ) -> None:
        self.source = source
        self.encoding = encoding
        self.windows = windows or [(1, len(encoding.token_ids) - 2)]
        # Only a few of the offsets are read, so single access is cheaper than converting them all.
        self._offsets = encoding.offsets.data
        self._starts = encoding.offsets[1:-1, 0].data
        self._ends = encoding.offsets[1:-1, 1].data
        self._tokens: str | None = None

    def __repr__(self) -> str:
        tokens = counted(len(self.encoding.token_ids), "token")
        return f"AlignedText({shortened(self.source)}, {tokens})"

    @property
    def token_string(self) -> str:
        """The `token_string` of all tokens."""
        if self._tokens is None:
            self._tokens = token_string(self.encoding.token_ids)
        return self._tokens

    def tokens(self, start: int, end: int) -> Place | None:
        """Return the tokens that cover exactly the characters `[start, end)`.

        Characters without a token, such as whitespace at the ends, are ignored. If a character has
        several tokens, as a Hangul syllable may, all of them are included.

        Returns:
            First and last token, or `None` if there is no token, or if one of them also covers
            other characters.
        """
        starts, ends = self._starts, self._ends
        first, last = bisect_left(starts, start), bisect_right(ends, end) - 1
        if first > last:
            return None
        if starts[first] > start and first and ends[first - 1] > start:
            return None
        if ends[last] < end and last + 1 < len(starts) and starts[last + 1] < end:
            return None
        return first + 1, last + 1

    def share_window(self, one: Place, other: Place) -> bool:
        """Return whether two places share a window."""
        # [CLS] and [SEP] are in every window.
        both = max(min(one[0], other[0]), 1), min(max(one[1], other[1]), len(self._offsets) - 2)
        # Windows that begin later also end later.
        last_to_begin = bisect_right(self.windows, both[0], key=lambda window: window[0]) - 1
        return last_to_begin >= 0 and holds(self.windows[last_to_begin], both)

    def characters(self, place: Place) -> tuple[int, int]:
        """Return the half-open character offsets of a token span."""
        return self._offsets[place[0], 0], self._offsets[place[1], 1]

    def piece(self, place: Place) -> str:
        """Return the text of a token span."""
        return self.source[self._offsets[place[0], 0] : self._offsets[place[1], 1]]

    def masked(self, place: Place) -> bool:
        """Return whether a place includes [CLS] or [SEP], where no model finds anything."""
        return place[0] == 0 or place[1] == len(self._offsets) - 1

    def as_written(self, word: str) -> Iterator[Place]:
        """Yield all exact occurrences of a word that begin and end at token boundaries."""
        start = self.source.find(word) if word else -1
        while start >= 0:
            place = self.tokens(start, start + len(word))
            if place is not None:
                yield place
            start = self.source.find(word, start + 1)

    def inside_a_word(self, start: int, end: int) -> bool:
        """Return whether letters or digits continue at either end, as for `CCTV` in `CCTV5`."""
        source = self.source
        return (start > 0 and _go_together(source[start - 1 : start + 1])) or (
            end < len(source) and _go_together(source[end - 1 : end + 1])
        )

    def longer_word(self, start: int, end: int) -> str:
        """Return the longer word that contains a range of characters, or "" if there is none."""
        source, first, behind = self.source, start, end
        while first > 0 and _go_together(source[first - 1 : first + 1]):
            first -= 1
        while behind < len(source) and _go_together(source[behind - 1 : behind + 1]):
            behind += 1
        return source[first:behind] if (first, behind) != (start, end) else ""


@lru_cache(1 << 16)
def _go_together(characters: str) -> bool:
    """Return whether all characters are letters or digits that form words together, so not CJK."""
    return characters.isalnum() and not any(map(is_cjk, characters))
