"""Where a word stands in a text, as the labels see it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gplinker_tf.alignment import AlignedText, TextWindows, WordFinder
from gplinker_tf.structures import Span, offsets_of

#: Offsets of a place's characters, half-open.
Characters = tuple[int, int]
#: Places that are remembered: those of the lines at hand.
REMEMBERED = 4096


class WordSpans:
    """Finds words in texts as `TripleAligner` does, and all their places.

    Args:
        tokenizer: a `BertTokenizer`, or what has its `encode`, `encode_batch` and `tokenize`.
        windows: how the model reads long texts.
    """

    def __init__(self, tokenizer: Any, windows: TextWindows) -> None:
        self._tokenizer = tokenizer
        self._finder = WordFinder(tokenizer)
        self._windows = windows
        self._aligned = lru_cache(REMEMBERED)(self._align)
        self.find = lru_cache(REMEMBERED)(self._find)

    def read_together(self, text: str, one: Characters, other: Characters) -> bool:
        """Whether the model reads two places at once."""
        aligned = self._aligned(text)
        last = len(aligned.encoding.token_ids) - 2
        return any(
            (window[0] == 1 or aligned.characters(window)[0] <= min(one[0], other[0]))
            and (window[1] == last or max(one[1], other[1]) <= aligned.characters(window)[1])
            for window in aligned.windows
        )

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
        encoding = self._tokenizer.encode(text)
        return AlignedText(text, encoding, self._windows.cut(text, encoding))


def overlap(one: Characters, other: Characters) -> bool:
    """Whether two places share a character."""
    return one[0] < other[1] and other[0] < one[1]


def _as_written(text: str, word: str) -> tuple[Characters, ...]:
    start = text.find(word)
    return ((start, start + len(word)),) if word and start >= 0 else ()
