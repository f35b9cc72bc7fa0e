"""Finds where words occur in a text, as labeling does."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gplinker_tf.alignment import AlignedText, TextWindows, WordFinder
from gplinker_tf.structures import Span, offsets_of

#: Half-open character offsets.
Characters = tuple[int, int]
#: Cache size, enough for the current lines.
REMEMBERED = 4096


class WordSpans:
    """Finds all occurrences of words in texts, as `TripleAligner` does.

    Args:
        tokenizer: a `BertTokenizer`, or an object with its `encode`, `encode_batch` and `tokenize`.
        windows: how the model reads long texts.
    """

    def __init__(self, tokenizer: Any, windows: TextWindows) -> None:
        self._tokenizer = tokenizer
        self._finder = WordFinder(tokenizer)
        self._windows = windows
        self._aligned = lru_cache(REMEMBERED)(self._align)
        self.find = lru_cache(REMEMBERED)(self._find)

    def read_together(self, text: str, one: Characters, other: Characters) -> bool:
        """Return whether the model reads two spans at once."""
        aligned = self._aligned(text)
        last = len(aligned.encoding.token_ids) - 2
        return any(
            (window[0] == 1 or aligned.characters(window)[0] <= min(one[0], other[0]))
            and (window[1] == last or max(one[1], other[1]) <= aligned.characters(window)[1])
            for window in aligned.windows
        )

    def of(self, text: str, span: Span) -> tuple[Characters, ...]:
        """Return the offsets of a span: its own if it has any, else all those of its words."""
        return (offsets_of(span),) if span.start is not None else self.find(text, span.text)

    def locate(self, text: str, span: Span, near: int | None = None) -> Span:
        """Return the span with offsets: its own, else those of an occurrence of its words.

        Args:
            text: the source text.
            span: the words, with or without offsets.
            near: use the occurrence that starts nearest to this offset; defaults to the first one.

        Returns:
            The span, without offsets if its words do not occur in the text.
        """
        if span.start is not None:
            return span
        places = self.find(text, span.text) or _as_written(text, span.text)
        if not places:
            return span
        start, end = min(places, key=lambda place: 0 if near is None else abs(place[0] - near))
        return Span(span.text, start, end)

    def _find(self, text: str, word: str) -> tuple[Characters, ...]:
        """Return all occurrences of a word, starting with the one that labeling uses."""
        aligned = self._aligned(text)
        return tuple(map(aligned.characters, self._finder.places(word, aligned)))

    def _align(self, text: str) -> AlignedText:
        encoding = self._tokenizer.encode(text)
        return AlignedText(text, encoding, self._windows.cut(text, encoding))


def overlap(one: Characters, other: Characters) -> bool:
    """Return whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def _as_written(text: str, word: str) -> tuple[Characters, ...]:
    start = text.find(word)
    return ((start, start + len(word)),) if word and start >= 0 else ()
