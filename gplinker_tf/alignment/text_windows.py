"""Windows in which a model reads texts that are too long for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gplinker_tf.structures import Encoding

#: First and last token of a window or a span; [CLS] is token 0.
Place = tuple[int, int]

#: How texts that are too long are handled.
LONG_TEXTS = ("sentences", "windows", "truncate")

#: The number of tokens up to which short sentences share a window.
SENTENCES = 32

#: The largest share of a window that the next one repeats, in whole sentences if possible.
OVERLAP = 0.25

#: Characters that always end a sentence.
SENTENCE_ENDS = frozenset("。！？!?；;…\n")

#: Characters that still belong to a sentence that has ended, if no whitespace precedes them.
CLOSING = frozenset("”’」』》】）)\"'")

#: Characters that begin a sentence only after whitespace.
GOES_ON = SENTENCE_ENDS | CLOSING

#: The character that ends a sentence if whitespace follows.
FULL_STOP = "."


@dataclass(frozen=True)
class TextWindows:
    """A rule that cuts the tokens of a text into windows that a model can read.

    A text that fits is one window. A longer one is cut between sentences, and within a sentence
    only if that is too long by itself. With `long="sentences"`, a window is one sentence or a few
    short ones, which is best for models trained on short texts. With `"windows"`, it is as many
    sentences as fit, and windows overlap by up to a quarter, for relations across sentences. With
    `"truncate"`, the first `max_length` tokens are the only window, as in the original script.

    Args:
        max_length: the maximum number of tokens per window, including [CLS] and [SEP].
        long: `"sentences"`, `"windows"` or `"truncate"`.

    Raises:
        ValueError: `long` has another value, or `max_length` leaves no room for a token.

    Example:

    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙。"])
    >>> text = "甲乙丙乙。丙。乙甲丙。"
    >>> encoding = tokenizer.encode(text)
    >>> windows = TextWindows(10, "windows").cut(text, encoding)
    >>> windows
    [(1, 7), (6, 11)]
    >>> [text[encoding.offsets[a, 0] : encoding.offsets[b, 1]] for a, b in windows]
    ['甲乙丙乙。丙。', '丙。乙甲丙。']
    """

    max_length: int = 128
    long: str = "sentences"

    def __post_init__(self) -> None:
        if self.long not in LONG_TEXTS:
            raise ValueError(
                f"Expected one of {', '.join(LONG_TEXTS)}. Received: long={self.long!r}."
            )
        if self.max_length < 3:
            raise ValueError(
                f"Expected room for [CLS], a token and [SEP]. Received: max_length="
                f"{self.max_length}. Pass 3 or more."
            )

    def cut(self, source: str, encoding: Encoding) -> list[Place]:
        """Return the windows of a text, in order; one for a text without tokens.

        Args:
            source: the text.
            encoding: all of its tokens.
        """
        last, room = len(encoding.token_ids) - 2, self.max_length - 2
        if last <= room:
            return [(1, last)]
        if self.long == "truncate":
            return [(1, room)]
        fill = min(SENTENCES, room) if self.long == "sentences" else room
        begins = [*_sentence_starts(source, encoding.offsets[1:-1]), last + 1]
        windows: list[Place] = []
        first = 1
        again = 0 if self.long == "sentences" else int(fill * OVERLAP)
        while first + fill <= last:
            behind = begins[bisect_right(begins, first + fill) - 1]
            if behind <= first:
                behind = begins[bisect_right(begins, first)]
            if behind > first + room:  # within a sentence
                windows.append((first, first + room - 1))
                first += room - int(room * OVERLAP)
                continue
            if not windows or behind - 1 > windows[-1][1]:  # otherwise, all of it is covered
                windows.append((first, behind - 1))
            first = begins[bisect_left(begins, max(behind - again, first + 1))]
        if first <= last:
            windows.append((first, last))
        return windows

    def reaching(self, source: str, encoding: Encoding, places: Sequence[Place]) -> TextWindows:
        """Return windows hardly longer than needed for one of them to contain all these places.

        Args:
            source: the text.
            encoding: all of its tokens.
            places: token spans of the text that do not share a window yet.
        """
        first, last = min(place[0] for place in places), max(place[1] for place in places)
        if self.long == "truncate":
            return TextWindows(last + 2, self.long)
        length = self.max_length
        while length < len(encoding.token_ids):
            windows = TextWindows(length, "windows")
            if any(holds(window, (first, last)) for window in windows.cut(source, encoding)):
                return windows
            length += max(length // 16, 1)
        return TextWindows(len(encoding.token_ids), "windows")


def holds(window: Place, place: Place) -> bool:
    """Return whether a window contains all tokens of a place."""
    return window[0] <= place[0] and place[1] <= window[1]


def window_encoding(encoding: Encoding, window: Place) -> Encoding:
    """Return the tokens of a window between [CLS] and [SEP], with their offsets in the whole text.

    Args:
        encoding: the encoding of the text.
        window: the first and last token of the window.

    Example:

    >>> encoding = Encoding(np.array([2, 7, 8, 9, 3]), np.zeros(5), np.zeros([5, 2]))
    >>> window_encoding(encoding, (2, 3)).token_ids.tolist()
    [2, 8, 9, 3]
    """
    if window == (1, len(encoding.token_ids) - 2):
        return encoding
    rows = np.r_[0, window[0] : window[1] + 1, -1]
    token_ids, segment_ids, offsets, _ = encoding
    return Encoding(token_ids[rows], segment_ids[rows], offsets[rows])


def into_window(quintuples: np.ndarray, window: Place) -> np.ndarray:
    """Return the quintuples that are entirely in a window, in tokens of the window.

    Args:
        quintuples: int `[N, 5]`, in tokens of the text.
        window: the first and last token of the window.

    Example:

    >>> into_window(np.array([[3, 4, 7, 6, 6], [1, 1, 7, 6, 6]]), (3, 9)).tolist()
    [[1, 2, 7, 4, 4]]
    """
    ends = quintuples[:, [0, 1, 3, 4]]
    inside = quintuples[((ends >= window[0]) & (ends <= window[1])).all(axis=1)]
    return inside - np.array([1, 1, 0, 1, 1], quintuples.dtype) * (window[0] - 1)


def out_of_window(
    quintuples: Iterable[tuple[int, int, int, int, int]], window: Place
) -> set[tuple[int, int, int, int, int]]:
    """Convert the quintuples of a window to tokens of its text.

    Example:

    >>> out_of_window([(1, 2, 7, 4, 4)], (3, 9))
    {(3, 4, 7, 6, 6)}
    """
    by = window[0] - 1
    return {(a + by, b + by, p, c + by, d + by) for a, b, p, c, d in quintuples}


def _sentence_starts(source: str, offsets: np.ndarray) -> list[int]:
    """Return the first token of each sentence; [CLS] is token 0."""
    starts, ends = offsets[:, 0].tolist(), offsets[:, 1].tolist()
    found, ended, stopped = [1], False, False
    for token in range(1, len(starts)):
        last, gap = source[ends[token - 1] - 1], source[ends[token - 1] : starts[token]]
        stopped = last == FULL_STOP or (stopped and last in CLOSING)
        ended = ended or last in SENTENCE_ENDS or not SENTENCE_ENDS.isdisjoint(gap)
        ended = ended or (stopped and bool(gap))
        if ended and (gap or source[starts[token]] not in GOES_ON):
            found.append(token + 1)
            ended = False
    return found
