"""What becomes of each annotated triple when its text is labelled."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from gplinker_tf.alignment import AlignedText
from gplinker_tf.data.labels import Labels, PairLabelBuilder
from gplinker_tf.structures import Example, Span, Triple

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
        span: the end that is to blame, the subject where none is.
        labels: its quintuples. A lost triple may have one: a false or a masked one.
    """

    fate: Fate
    span: Span
    labels: Labels


class FateFinder:
    """Labels texts and says of each triple whether its label teaches it.

    A triple is learnable where its label reads as it is annotated, as `gplinker_tf.metrics` counts
    by tokenised match. Of triples that are the same by it one is learnable, the others are doubled.

    Args:
        builder: labels the texts.

    Example:

    >>> from gplinker_tf.structures import Schema
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "dog", "in", "pa"])
    >>> finder = FateFinder(PairLabelBuilder(tokenizer, Schema((("", "chases", ""),))))
    >>> triples = tuple(Triple(Span(s), "chases", Span("cat")) for s in ("Dog", "Dog", "cow"))
    >>> [(text, fates)] = finder([Example("dog in Paris cat", triples)])
    >>> [fate.fate.value for fate in fates]
    ['learnable', 'doubled', 'not in the text']
    """

    def __init__(self, builder: PairLabelBuilder) -> None:
        self.builder = builder
        self._finder = builder.finder

    def __repr__(self) -> str:
        return f"FateFinder({self.builder})"

    def __call__(
        self, examples: Sequence[Example]
    ) -> Iterator[tuple[AlignedText, list[TripleFate]]]:
        """The text of each example, and the fates of its triples in their order; in windows."""
        for first in range(0, len(examples), WINDOW):
            yield from self._window(examples[first : first + WINDOW])

    def _window(
        self, examples: Sequence[Example]
    ) -> Iterator[tuple[AlignedText, list[TripleFate]]]:
        found = list(self.builder.find(examples))
        cut = [
            number
            for number, (text, labels) in enumerate(found)
            if text.encoding.truncated and () in labels
        ]
        encoded = self.builder.tokenizer.encode_batch([examples[number].text for number in cut])
        whole = dict(zip(cut, encoded, strict=True))
        for number, (text, labels) in enumerate(found):
            triples = examples[number].triples
            whole_text = AlignedText(text.source, whole[number]) if number in whole else text
            yield text, self._fates(triples, labels, text, whole_text)

    def _fates(
        self,
        triples: Sequence[Triple],
        labels: Sequence[Labels],
        text: AlignedText,
        whole: AlignedText,
    ) -> list[TripleFate]:
        if self._plainly_learnable(triples, labels, text):
            return [
                TripleFate(Fate.LEARNABLE, triple.subject, its_labels)
                for triple, its_labels in zip(triples, labels, strict=True)
            ]
        alone = [
            TripleFate(*self._cause(triple, text, whole), its_labels)
            for triple, its_labels in zip(triples, labels, strict=True)
        ]
        # With offsets, one of two same triples may be cut off and the other one not.
        keys = list(map(self._key, triples))
        first: dict[Hashable, int] = {}
        for number in sorted(range(len(keys)), key=lambda n: alone[n].fate is not Fate.LEARNABLE):
            first.setdefault(keys[number], number)
        return [
            fate if first[key] == number else TripleFate(Fate.DOUBLED, triple.subject, its_labels)
            for number, (key, triple, fate, its_labels) in enumerate(
                zip(keys, triples, alone, labels, strict=True)
            )
        ]

    def _plainly_learnable(
        self,
        triples: Sequence[Triple],
        labels: Sequence[Labels],
        text: AlignedText,
    ) -> bool:
        """Whether all triples are learnable at a glance, which they are in most texts."""
        if len(triples) > 1:
            key = self._finder.rough_key
            kinds = {(key(t.subject.text), t.predicate, key(t.object.text)) for t in triples}
            if len(kinds) < len(triples):
                return False
        return all(map(reads_as, [text] * len(triples), triples, labels))

    def _key(self, triple: Triple) -> Hashable:
        key = self._finder.key
        return key(triple.subject.text), triple.predicate, key(triple.object.text)

    def _cause(self, triple: Triple, text: AlignedText, whole: AlignedText) -> tuple[Fate, Span]:
        """The first cause that either end has, and that end."""
        ends = {self._fate_of(span, text, whole): span for span in (triple.object, triple.subject)}
        cause = next((cause for cause in CAUSES if cause in ends), Fate.LEARNABLE)
        return cause, ends[cause]

    def _fate_of(self, span: Span, text: AlignedText, whole: AlignedText) -> Fate:
        for part, fate in ((text, Fate.LEARNABLE), (whole, Fate.CUT)):
            place = self.builder.place(span, part)
            if place is None:
                continue
            if part.masked(place):
                return Fate.MASKED
            if self._finder.same(span.text, part.piece(place)):
                return fate
            break  # [UNK] stands for other characters
        return Fate.CHANGED if span.text and span.text in text.source else Fate.MISSING


def reads_as(text: AlignedText, triple: Triple, labels: Labels) -> bool:
    """Whether a triple's first label gives back what is written, and touches no masked cell."""
    if not labels:
        return False
    subject, object_ = labels[0][:2], labels[0][3:]
    return (
        text.piece(subject) == triple.subject.text
        and text.piece(object_) == triple.object.text
        and not text.masked(subject)
        and not text.masked(object_)
    )
