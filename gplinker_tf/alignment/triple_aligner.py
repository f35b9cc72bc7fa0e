"""From annotated words to positive token pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from typing import Any

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.alignment.aligned_text import AlignedText, Place
from gplinker_tf.alignment.word_finder import WordFinder
from gplinker_tf.data import span_fault
from gplinker_tf.structures import Encoding, Example, Schema, Span, Triple, offsets_of

#: First and last token of the subject, predicate, first and last token of the object.
Quintuple = tuple[int, int, int, int, int]

#: All quintuples of a triple; none where an end is not found.
Labels = tuple[Quintuple, ...]

#: Which places of words without offsets are labeled.
OCCURRENCES = ("first", "nearest", "all")


class TripleAligner:
    """Tokenizes annotated texts and finds their triples among the tokens.

    A span with offsets is at its own place; any other word where a `WordFinder` finds it. Of a
    subject and an object that are the same word without offsets, as a film named after its novel,
    the object is at the next place if there is one (but not in the search by tokens). A triple with
    an end that is not found, or not before `max_length`, gives no label.

    Where a word without offsets occurs several times, `occurrences` says which count. With
    `"nearest"` subject and object are where they stand closest together; with `"all"` each place
    of the subject is linked to each place of the object, but for places inside a longer word if
    there are others.

    Args:
        tokenizer: a `BertTokenizer`, or what has its `encode_batch` and `tokenize`.
        schema: the predicates.
        max_length: tokens of a text, [CLS] and [SEP] included.
        search: how words without offsets are found: `"characters"`, or `"tokens"`, as the blog's
            script finds them.
        occurrences: `"first"`, as the blog's script; `"nearest"` or `"all"`.

    Raises:
        ValueError: `search` or `occurrences` is none of its values.

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
    ) -> None:
        if occurrences not in OCCURRENCES:
            raise ValueError(
                f"Expected one of {', '.join(OCCURRENCES)}. Received: occurrences={occurrences!r}."
            )
        self.tokenizer = tokenizer
        self.schema = schema
        self.max_length = max_length
        self.search = search
        self.occurrences = occurrences
        self.finder = WordFinder(tokenizer, search)

    def __repr__(self) -> str:
        predicates = counted(len(self.schema.predicates), "predicate")
        return f"TripleAligner({predicates}, max_length={self.max_length})"

    def label(self, examples: Sequence[Example]) -> Iterator[tuple[Encoding, np.ndarray]]:
        """The tokens of each text and its distinct quintuples; tokenizes on all cores.

        Returns:
            For each text its encoding, and int32 `[N, 5]`: first and last token of the subject,
            predicate, first and last token of the object.

        Raises:
            ValueError: a span with offsets does not read as its word.
        """
        return (
            (text.encoding, distinct_quintuples(chain.from_iterable(labels)))
            for text, labels in self.find(examples)
        )

    def find(self, examples: Sequence[Example]) -> Iterator[tuple[AlignedText, list[Labels]]]:
        """As `label`, with the quintuples of each triple in its order."""
        encodings = self.tokenizer.encode_batch([e.text for e in examples], self.max_length)
        if self.search == "tokens":
            self.finder.prepare(words_of(examples))
        for example, encoding in zip(examples, encodings, strict=True):
            text = AlignedText(example.text, encoding)
            yield text, [self._labels(triple, text) for triple in example.triples]

    def place(self, span: Span, text: AlignedText) -> Place | None:
        """The tokens of a span, or `None`.

        Raises:
            ValueError: it has offsets and does not read as its word.
        """
        if span.start is None:
            return self.finder.place(span.text, text)
        if fault := span_fault(text.source, span):
            raise ValueError(f"In the text {text.source[:40]!r}: {fault}")
        return text.tokens(*offsets_of(span))

    def _labels(self, triple: Triple, text: AlignedText) -> Labels:
        predicate = self.schema.index[triple.predicate]
        if self.occurrences == "first":
            pairs = self._first_places(triple, text)
        else:
            pairs = self._all_places(triple, text)
            if self.occurrences == "nearest" and pairs:
                pairs = [min(pairs, key=_distance)]
        return tuple((*subject, predicate, *object_) for subject, object_ in pairs)

    def _first_places(self, triple: Triple, text: AlignedText) -> list[tuple[Place, Place]]:
        subject, object_ = self.place(triple.subject, text), self.place(triple.object, text)
        if subject is None or object_ is None:
            return []
        if subject == object_ and triple.object.start is None and self.search == "characters":
            places = self.finder.places(triple.object.text, text)
            object_ = next((place for place in places if _distance((subject, place))), object_)
        return [(subject, object_)]

    def _all_places(self, triple: Triple, text: AlignedText) -> list[tuple[Place, Place]]:
        """Each place of the subject with each of the object, by rank."""
        pairs = list(product(self._places(triple.subject, text), self._places(triple.object, text)))
        apart = [pair for pair in pairs if pair[0] != pair[1]]
        return apart or pairs

    def _places(self, span: Span, text: AlignedText) -> list[Place]:
        """The places of a span, but not those inside a longer word where others are not."""
        if span.start is not None:
            place = self.place(span, text)
            return [] if place is None else [place]
        places = self.finder.places(span.text, text)
        inside = [text.inside_a_word(*text.characters(place)) for place in places]
        return [place for place, within in zip(places, inside, strict=True) if within == inside[0]]


def _distance(pair: tuple[Place, Place]) -> int:
    """Tokens from the end of the earlier place to the start of the later one, 0 where they meet."""
    (first, last), (other_first, other_last) = pair
    return max(other_first - last, first - other_last, 0)


def words_of(examples: Iterable[Example]) -> Iterator[str]:
    """All subjects and objects."""
    return (
        span.text
        for e in examples
        for triple in e.triples
        for span in (triple.subject, triple.object)
    )


def distinct_quintuples(quintuples: Iterable[Quintuple]) -> np.ndarray:
    """Quintuples sorted and each once, int32 `[N, 5]`.

    Example:

    >>> distinct_quintuples([(1, 4, 0, 6, 8), (1, 4, 0, 6, 8)]).tolist()
    [[1, 4, 0, 6, 8]]
    """
    return np.array(sorted(set(quintuples)), np.int32).reshape(-1, 5)
