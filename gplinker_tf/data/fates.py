"""What becomes of each annotated triple when its text is labelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache
from typing import NamedTuple

from gplinker_tf.data.labels import PairLabelBuilder, Quintuple
from gplinker_tf.data.token_strings import first_place, token_string
from gplinker_tf.structures import Encoding, Example, Triple

#: Texts that are tokenised together.
WINDOW = 1024


class Fate(Enum):
    """Learnable, or what keeps a triple from it."""

    LEARNABLE = "learnable"
    DOUBLED = "doubled"
    MISSING = "not in the text"
    CHANGED = "changed by tokenisation"
    CUT = "cut off by the length"
    MASKED = "on a masked cell"


#: Of two causes the first counts.
CAUSES = (Fate.MISSING, Fate.CHANGED, Fate.CUT, Fate.MASKED)


class TripleFate(NamedTuple):
    """The fate of one triple.

    Args:
        fate: what becomes of it.
        word: the end that is to blame, the subject where none is.
        quintuple: its label, or `None`. A lost triple may have one: a false or a masked one.
        distinct: no triple before it on its line is written the same.
        exact: its label gives back what is written.
    """

    fate: Fate
    word: str
    quintuple: Quintuple | None
    distinct: bool
    exact: bool


class FateFinder:
    """Labels texts and says of each triple whether its label teaches it.

    A triple is learnable where a model that gives its label the best scores finds it again, as
    `gplinker_tf.metrics` counts by tokenised match.

    Args:
        builder: labels the texts; its tokenizer has `tokenize` too.

    Example:

    >>> from gplinker_tf.structures import Schema, Span
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "dog", "in", "pa"])
    >>> finder = FateFinder(PairLabelBuilder(tokenizer, Schema((("", "chases", ""),))))
    >>> triples = tuple(Triple(Span(s), "chases", Span("cat")) for s in ("Dog", "Dog", "cow"))
    >>> [(encoding, fates)] = finder([Example("dog in Paris cat", triples)])
    >>> [fate.fate.value for fate in fates]
    ['learnable', 'doubled', 'not in the text']
    """

    def __init__(self, builder: PairLabelBuilder) -> None:
        self.builder = builder
        self._tokenize = cache(builder.tokenizer.tokenize)

    def __repr__(self) -> str:
        return f"FateFinder({self.builder})"

    def __call__(self, examples: Sequence[Example]) -> Iterator[tuple[Encoding, list[TripleFate]]]:
        """The tokens of each text, and the fates of its triples in their order; in windows."""
        for first in range(0, len(examples), WINDOW):
            yield from self._window(examples[first : first + WINDOW])

    def same(self, word: str, other: str) -> bool:
        """Whether two words are equal by tokenised match."""
        return word == other or self._tokenize(word) == self._tokenize(other)

    def _window(self, examples: Sequence[Example]) -> Iterator[tuple[Encoding, list[TripleFate]]]:
        found = list(self.builder.find(examples))
        cut = [
            place
            for place, (encoding, quintuples) in enumerate(found)
            if encoding.truncated and None in quintuples
        ]
        encoded = self.builder.tokenizer.encode_batch([examples[place].text for place in cut])
        whole = dict(zip(cut, encoded, strict=True))
        for place, (example, (encoding, quintuples)) in enumerate(
            zip(examples, found, strict=True)
        ):
            text = _Text(example.text, encoding, whole.get(place, encoding))
            yield encoding, self._fates(example.triples, quintuples, text)

    def _fates(
        self, triples: Sequence[Triple], quintuples: Sequence[Quintuple | None], text: _Text
    ) -> list[TripleFate]:
        if len(set(quintuples)) == len(quintuples) and all(map(text.reads_as, triples, quintuples)):
            return [
                TripleFate(Fate.LEARNABLE, triple.subject.text, quintuple, True, True)
                for triple, quintuple in zip(triples, quintuples, strict=True)
            ]
        written: set[tuple[str, str, str]] = set()
        alike: dict[tuple[str, str, str], list[Triple]] = {}
        fates = []
        for triple, quintuple in zip(triples, quintuples, strict=True):
            subject, predicate, object_ = words = triple.words
            distinct = words not in written
            written.add(words)
            tokens = self.builder.tokens_of(subject), predicate, self.builder.tokens_of(object_)
            before = alike.setdefault(tokens, [])
            exact = text.reads_as(triple, quintuple)
            if any(self._same_triple(triple, other) for other in before):
                fate, word = Fate.DOUBLED, subject
            elif exact:
                fate, word = Fate.LEARNABLE, subject
            else:
                fate, word = self._cause(triple, text)
            before.append(triple)
            fates.append(TripleFate(fate, word, quintuple, distinct, exact))
        return fates

    def _same_triple(self, one: Triple, other: Triple) -> bool:
        return self.same(one.subject.text, other.subject.text) and self.same(
            one.object.text, other.object.text
        )

    def _cause(self, triple: Triple, text: _Text) -> tuple[Fate, str]:
        """The first cause that either end has, and that end."""
        ends = {
            self._fate_of(word, text): word for word in (triple.object.text, triple.subject.text)
        }
        cause = next((cause for cause in CAUSES if cause in ends), Fate.LEARNABLE)
        return cause, ends[cause]

    def _fate_of(self, word: str, text: _Text) -> Fate:
        tokens = self.builder.tokens_of(word)
        for encoding, fate in ((text.encoding, Fate.LEARNABLE), (text.whole, Fate.CUT)):
            first = first_place(tokens, token_string(encoding.token_ids))
            if first is None:
                continue
            last = first + len(tokens) - 1
            if first == 0 or last == len(encoding.token_ids) - 1:
                return Fate.MASKED
            if self.same(word, text.characters(first, last, encoding)):
                return fate
            break  # [UNK] stands for other characters
        return Fate.CHANGED if word and word in text.source else Fate.MISSING


class _Text:
    """A text, its tokens within the length limit, and all of them."""

    def __init__(self, source: str, encoding: Encoding, whole: Encoding) -> None:
        self.source = source
        self.encoding = encoding
        self.whole = whole
        # Of many tokens' offsets few are looked at: cheaper one by one than all as numbers.
        self._offsets = memoryview(encoding.offsets)

    def reads_as(self, triple: Triple, quintuple: Quintuple | None) -> bool:
        """Whether a label gives back what is written, and touches no masked cell."""
        if quintuple is None:
            return False
        subject_start, subject_end, _, object_start, object_end = quintuple
        offsets, last = self._offsets, len(self._offsets) - 1
        return (
            min(subject_start, object_start) > 0
            and max(subject_end, object_end) < last
            and self.source[offsets[subject_start, 0] : offsets[subject_end, 1]]
            == triple.subject.text
            and self.source[offsets[object_start, 0] : offsets[object_end, 1]] == triple.object.text
        )

    def characters(self, first: int, last: int, encoding: Encoding) -> str:
        """The characters from one token to another."""
        return self.source[encoding.offsets[first, 0] : encoding.offsets[last, 1]]
