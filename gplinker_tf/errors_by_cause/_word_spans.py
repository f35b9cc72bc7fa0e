"""Where a word stands in a text, as the labels see it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gplinker_tf.alignment import AlignedText, WordFinder
from gplinker_tf.structures import Span, offsets_of

#: Offsets of a place's characters, half-open.
Characters = tuple[int, int]
#: Places that are remembered: those of the lines at hand.
REMEMBERED = 4096


class WordSpans:
    """Finds words in texts as `TripleAligner` does, and all their places.

    Args:
        tokenizer: a `BertTokenizer`, or what has its `encode`, `encode_batch` and `tokenize`.
        max_length: tokens of a text that the model reads, [CLS] and [SEP] included.
    """

    def __init__(self, tokenizer: Any, max_length: int) -> None:
        self._tokenizer = tokenizer
        self._finder = WordFinder(tokenizer)
        self._last_token = max_length - 2
        self._aligned = lru_cache(REMEMBERED)(self._align)
        self.find = lru_cache(REMEMBERED)(self._find)

    def read_until(self, text: str) -> int:
        """The offset after the last character that the model reads."""
        offsets = self._aligned(text).encoding.offsets
        read_whole = len(offsets) - 2 <= self._last_token
        return len(text) if read_whole else int(offsets[self._last_token, 1])

    def of(self, text: str, span: Span) -> tuple[Characters, ...]:
        """The places of a span: its own if it has offsets, else all of its word."""
        return (offsets_of(span),) if span.start is not None else self.find(text, span.text)

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
        start, end = min(places, key=lambda place: 0 if near is None else abs(place[0] - near))
        return Span(span.text, start, end)

    def _find(self, text: str, word: str) -> tuple[Characters, ...]:
        """All places of a word, the one that is labeled first."""
        aligned = self._aligned(text)
        return tuple(map(aligned.characters, self._finder.places(word, aligned)))

    def _align(self, text: str) -> AlignedText:
        return AlignedText(text, self._tokenizer.encode(text))


def overlap(one: Characters, other: Characters) -> bool:
    """Whether two places share a character."""
    return one[0] < other[1] and other[0] < one[1]


def _as_written(text: str, word: str) -> tuple[Characters, ...]:
    start = text.find(word)
    return ((start, start + len(word)),) if word and start >= 0 else ()
