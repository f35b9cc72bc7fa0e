"""The scores that an extractor gives a text, and the positions of a pair in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from gplinker_tf.alignment import window_encoding
from gplinker_tf.structures import Encoding, Span
from gplinker_tf.visualization._pair_text_scores import PairTextScores
from gplinker_tf.visualization._tagged_text_scores import TaggedTextScores
from gplinker_tf.visualization._text_scores import TextScores, Tokens, character_offsets

if TYPE_CHECKING:
    from gplinker_tf.extraction import RelationExtractor


class Window(NamedTuple):
    """A part of a text that the model reads at once: its number, from 1, and how many there are."""

    encoding: Encoding
    number: int
    of: int


def windows_of(extractor: RelationExtractor, text: str) -> list[Window]:
    """Return the windows in which the extractor reads a text."""
    encoding = extractor.tokenizer.encode(text)
    cut = extractor.windows.cut(text, encoding)
    return [
        Window(window_encoding(encoding, window), number, len(cut))
        for number, window in enumerate(cut, start=1)
    ]


def scores_of(extractor: RelationExtractor, text: str, window: Window) -> TextScores:
    """Return the scores of one window of a text.

    Raises:
        ValueError: the model has no scores that can be drawn.
    """
    kind = TaggedTextScores if extractor.model.kind == "casrel" else PairTextScores
    try:
        return kind(extractor.model, text, window.encoding)
    except NotImplementedError as error:
        raise ValueError(str(error)) from None


def pairs_in(
    text: str, window: Window, subject: str | Span, object_: str | Span
) -> list[tuple[Tokens, Tokens]]:
    """Return all positions of a subject and an object in a window, without running the model."""
    offsets = character_offsets(window.encoding)
    subjects, objects = (
        [tokens for place in places_of(text, word) for tokens in _tokens_of(place, offsets)]
        for word in (subject, object_)
    )
    return list(product(subjects, objects))


def _tokens_of(place: tuple[int, int], offsets: Sequence[tuple[int, int]]) -> Iterator[Tokens]:
    """Return the tokens that have exactly these characters, if there are any."""
    starts = [token for token, (start, _) in enumerate(offsets) if start == place[0]]
    ends = [token for token, (_, end) in enumerate(offsets) if end == place[1]]
    return ((first, last) for first in starts for last in ends if first <= last)


def places_of(text: str, word: str | Span) -> list[tuple[int, int]]:
    """Return all offsets of a word, or of a span, in a text."""
    if isinstance(word, Span):
        if word.start is not None and word.end is not None:
            return [(word.start, word.end)]
        word = word.text
    starts = range(len(text) - len(word) + 1) if word else ()
    return [(start, start + len(word)) for start in starts if text.startswith(word, start)]
