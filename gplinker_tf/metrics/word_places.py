"""Where a word stands in a text, as the labels see it: by its tokens."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gplinker_tf.structures import Span

#: Places that are remembered: those of the lines at hand.
REMEMBERED = 4096


class WordPlaces:
    """Finds words in texts token by token, as `PairLabelBuilder` does, and all their places.

    Args:
        tokenizer: a `BertTokenizer`, or what has its `encode`.
        max_length: tokens of a text that the model reads, [CLS] and [SEP] included.
    """

    def __init__(self, tokenizer: Any, max_length: int) -> None:
        self._tokenizer = tokenizer
        self._room = max_length - 2
        self._tokens = lru_cache(REMEMBERED)(self._encode)
        self.find = lru_cache(REMEMBERED)(self._find)

    def read_until(self, text: str) -> int:
        """The offset after the last character that the model reads."""
        _, offsets = self._tokens(text)
        return len(text) if len(offsets) <= self._room else offsets[self._room - 1][1]

    def locate(self, text: str, span: Span, near: int | None = None) -> Span:
        """The span with offsets: its own, else those of a place of its words.

        Args:
            text: the source text.
            span: the words, with or without offsets.
            near: take the place that begins nearest to this offset; otherwise the first.

        Returns:
            The span, without offsets where its words do not stand in the text.
        """
        if span.start is not None:
            return span
        places = self.find(text, span.text) or _as_written(text, span.text)
        if not places:
            return span
        place = min(places, key=lambda place: 0 if near is None else abs(place.start - near))
        return Span(span.text, place.start, place.end)

    def _find(self, text: str, word: str) -> tuple[Span, ...]:
        """All places of a word, the first first."""
        tokens, offsets = self._tokens(text)
        wanted, _ = self._tokens(word)
        if not wanted:
            return ()
        size, places = len(wanted), []
        for first in range(len(tokens) - size + 1):
            if tokens[first] == wanted[0] and tokens[first : first + size] == wanted:
                start, end = offsets[first][0], offsets[first + size - 1][1]
                places.append(Span(text[start:end], start, end))
        return tuple(places)

    def _encode(self, text: str) -> tuple[list[int], list[list[int]]]:
        encoding = self._tokenizer.encode(text)
        return encoding.token_ids[1:-1].tolist(), encoding.offsets[1:-1].tolist()


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans with offsets share a character."""
    return one.start < other.end and other.start < one.end


def _as_written(text: str, word: str) -> tuple[Span, ...]:
    start = text.find(word)
    return (Span(word, start, start + len(word)),) if word and start >= 0 else ()
