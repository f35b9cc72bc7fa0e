"""Conversion of annotated triples to labels on tokens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, product
from typing import Any

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.alignment.aligned_text import AlignedText, Place
from gplinker_tf.alignment.text_windows import TextWindows, holds, into_window, window_encoding
from gplinker_tf.alignment.word_finder import WordFinder
from gplinker_tf.data import span_fault
from gplinker_tf.structures import Encoding, Example, Schema, Span, Triple, offsets_of

#: First and last token of the subject, the predicate, first and last token of the object.
Quintuple = tuple[int, int, int, int, int]

#: All quintuples of a triple; empty if an end is not found.
Labels = tuple[Quintuple, ...]

#: Which occurrences of words without offsets are labeled.
OCCURRENCES = ("first", "nearest", "all")


class TripleAligner:
    """An aligner that tokenizes annotated texts and finds their triples among the tokens.

    A span with offsets is labeled there; any other word is found by a `WordFinder`. If subject and
    object are the same word without offsets, such as a film named after its novel, the object is
    the next occurrence if there is one (but not in the search by tokens). A triple gives no label
    if one end is not found, or if its ends never share a window.

    If a word without offsets occurs several times, `occurrences` selects among the pairs that share
    a window: `"nearest"` takes the subject and object that are closest together, and `"all"` links
    each occurrence of the subject to each one of the object, except for occurrences inside a longer
    word if there are others.

    Args:
        tokenizer: a `BertTokenizer`, or an object with its `encode_batch` and `tokenize`.
        schema: the schema.
        max_length: the maximum number of tokens per window, including [CLS] and [SEP].
        search: how words without offsets are found: by `"characters"`, or by `"tokens"`, as in the
            blog's script.
        occurrences: `"first"`, as in the blog's script, `"nearest"` or `"all"`.
        long: how longer texts are handled, as in `TextWindows`.

    Raises:
        ValueError: `search`, `occurrences` or `long` has another value.

    Example:

    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"江宁大学在"])
    >>> aligner = TripleAligner(tokenizer, Schema((("", "在", ""),)))
    >>> triple = Triple(Span("江宁大学"), "在", Span("江宁", 5, 7))
    >>> [(_, quintuples)] = aligner.label([Example("江宁大学在江宁", (triple,))])
    >>> quintuples.tolist()
    [[1, 4, 0, 6, 7]]

    >>> example = Example("江宁大学在江宁大学", (Triple(Span("大学"), "在", Span("江宁")),))
    >>> for occurrences in OCCURRENCES:
    ...     aligner = TripleAligner(tokenizer, aligner.schema, occurrences=occurrences)
    ...     print(next(aligner.label([example]))[1].tolist())
    [[3, 4, 0, 1, 2]]
    [[3, 4, 0, 1, 2]]
    [[3, 4, 0, 1, 2], [3, 4, 0, 6, 7], [8, 9, 0, 1, 2], [8, 9, 0, 6, 7]]

    Source: `data_generator` of the blog's script, https://kexue.fm/archives/8888.
    """

    def __init__(
        self,
        tokenizer: Any,
        schema: Schema,
        max_length: int = 128,
        search: str = "characters",
        occurrences: str = "first",
        long: str = "sentences",
    ) -> None:
        if occurrences not in OCCURRENCES:
            raise ValueError(
                f"Expected one of {', '.join(OCCURRENCES)}. Received: occurrences={occurrences!r}."
            )
        self.tokenizer = tokenizer
        self.schema = schema
        self.windows = TextWindows(max_length, long)
        self.search = search
        self.occurrences = occurrences
        self.finder = WordFinder(tokenizer, search)

    def __repr__(self) -> str:
        predicates = counted(len(self.schema.predicates), "predicate")
        return f"TripleAligner({predicates}, max_length={self.windows.max_length})"

    def label(self, examples: Sequence[Example]) -> Iterator[tuple[Encoding, np.ndarray]]:
        """Yield the tokens and distinct quintuples of each text; tokenizes on all cores.

        Returns:
            For each window of each text (a short text has one), its encoding and int32 `[N, 5]`:
            first and last token of the subject, the predicate, first and last token of the
            object.

        Raises:
            ValueError: the offsets of a span do not match its word.
        """
        for text, labels in self.find(examples):
            yield from labeled_windows(text, distinct_quintuples(chain.from_iterable(labels)))

    def find(self, examples: Sequence[Example]) -> Iterator[tuple[AlignedText, list[Labels]]]:
        """Yield each text with the quintuples of its triples, in tokens of the whole text."""
        encodings = self.tokenizer.encode_batch([e.text for e in examples])
        if self.search == "tokens":
            self.finder.prepare(words_of(examples))
        for example, encoding in zip(examples, encodings, strict=True):
            text = AlignedText(example.text, encoding, self.windows.cut(example.text, encoding))
            yield text, [self._labels(triple, text) for triple in example.triples]

    def place(self, span: Span, text: AlignedText) -> Place | None:
        """Return the first and last token of a span, or `None`.

        Raises:
            ValueError: the span has offsets that do not match its word.
        """
        if span.start is None:
            return self.finder.place(span.text, text)
        if fault := span_fault(text.source, span):
            raise ValueError(f"In the text {text.source[:40]!r}: {fault}")
        return text.tokens(*offsets_of(span))

    def _labels(self, triple: Triple, text: AlignedText) -> Labels:
        predicate = self.schema.index[triple.predicate]
        pairs = self._first_pair(triple, text) if self.occurrences == "first" else []
        if not pairs:
            pairs = self._pairs(triple, text)
            if self.occurrences == "first":
                pairs = pairs[:1]
            elif self.occurrences == "nearest" and pairs:
                pairs = [min(pairs, key=_distance)]
        return tuple((*subject, predicate, *object_) for subject, object_ in pairs)

    def _first_pair(self, triple: Triple, text: AlignedText) -> list[tuple[Place, Place]]:
        """Return the first occurrences of both ends if they share a window, else nothing."""
        subject, object_ = self.place(triple.subject, text), self.place(triple.object, text)
        if subject is None or object_ is None:
            return []
        if subject == object_ and triple.object.start is None and self.search == "characters":
            places = self.finder.places(triple.object.text, text)
            object_ = next((place for place in places if _distance((subject, place))), object_)
        return [(subject, object_)] if text.share_window(subject, object_) else []

    def places(self, span: Span, text: AlignedText) -> list[Place]:
        """Return all occurrences of a span, that of `place` first; with offsets, only its own."""
        if span.start is None:
            return self.finder.places(span.text, text)
        place = self.place(span, text)
        return [] if place is None else [place]

    def windows_reaching(self, triple: Triple, text: AlignedText) -> TextWindows:
        """Return windows of which one contains both ends of a triple that occurs in the text."""
        pairs = product(self.places(triple.subject, text), self.places(triple.object, text))
        nearest = min(pairs, key=_distance)
        return self.windows.reaching(text.source, text.encoding, nearest)

    def _pairs(self, triple: Triple, text: AlignedText) -> list[tuple[Place, Place]]:
        """Return all pairs of a subject and an object that share a window, best first.

        Occurrences inside a longer word are used only if there are no others.
        """
        subjects, objects = self.places(triple.subject, text), self.places(triple.object, text)
        near = _near(subjects, objects, text)
        of_subject, of_object = ({pair[end] for pair in near} for end in (0, 1))
        alike = (
            _alike([place for place in subjects if place in of_subject], text),
            _alike([place for place in objects if place in of_object], text),
        )
        pairs = [pair for pair in near if pair[0] in alike[0] and pair[1] in alike[1]]
        apart = [pair for pair in pairs if pair[0] != pair[1]]
        return apart or pairs


def _near(
    subjects: Sequence[Place], objects: Sequence[Place], text: AlignedText
) -> list[tuple[Place, Place]]:
    """Return the pairs of places that share a window, in the order of the places."""
    if len(text.windows) == 1:
        return [pair for pair in product(subjects, objects) if text.share_window(*pair)]
    of_subject = {place: number for number, place in enumerate(subjects)}
    of_object = {place: number for number, place in enumerate(objects)}
    near = {
        pair
        for window in text.windows
        for pair in product(
            [place for place in subjects if holds(window, place)],
            [place for place in objects if holds(window, place)],
        )
    }
    return sorted(near, key=lambda pair: (of_subject[pair[0]], of_object[pair[1]]))


def _alike(places: Sequence[Place], text: AlignedText) -> Collection[Place]:
    """Return the places inside a longer word if the first one is, and else those that are not."""
    if len(places) < 2:
        return places
    inside = [text.inside_a_word(*text.characters(place)) for place in places]
    return {place for place, within in zip(places, inside, strict=True) if within == inside[0]}


def _distance(pair: tuple[Place, Place]) -> int:
    """Return the tokens from the end of one place to the start of the next, 0 if they overlap."""
    (first, last), (other_first, other_last) = pair
    return max(other_first - last, first - other_last, 0)


def labeled_windows(text: AlignedText, quintuples: np.ndarray) -> list[tuple[Encoding, np.ndarray]]:
    """Return the tokens of each window of a text, and the quintuples entirely within it.

    Args:
        text: the text and its windows.
        quintuples: int32 `[N, 5]`, in tokens of the whole text.
    """
    whole = (1, len(text.encoding.token_ids) - 2)
    return [
        (
            window_encoding(text.encoding, window),
            quintuples if window == whole else into_window(quintuples, window),
        )
        for window in text.windows
    ]


def words_of(examples: Iterable[Example]) -> Iterator[str]:
    """Yield the words of all subjects and objects."""
    return (
        span.text
        for e in examples
        for triple in e.triples
        for span in (triple.subject, triple.object)
    )


def distinct_quintuples(quintuples: Iterable[Quintuple]) -> np.ndarray:
    """Return the quintuples sorted and without duplicates, int32 `[N, 5]`.

    Example:

    >>> distinct_quintuples([(1, 4, 0, 6, 8), (1, 4, 0, 6, 8)]).tolist()
    [[1, 4, 0, 6, 8]]
    """
    return np.array(sorted(set(quintuples)), np.int32).reshape(-1, 5)
