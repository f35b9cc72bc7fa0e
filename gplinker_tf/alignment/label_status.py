"""What becomes of each annotated triple when its text is labeled."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from gplinker_tf.alignment.aligned_text import AlignedText, Place
from gplinker_tf.alignment.triple_aligner import Labels, TripleAligner
from gplinker_tf.structures import Example, Span, Triple

#: Texts that are tokenized together.
TOGETHER = 1024


class LabelStatus(Enum):
    """Learnable, or what keeps a triple from it."""

    LEARNABLE = "learnable"
    DUPLICATE = "duplicate"
    MISSING = "not in the text"
    NOT_ALIGNED = "not aligned with tokens"
    OUT_OF_REACH = "out of reach"
    ON_SPECIAL_TOKEN = "on a special token"


#: Of two causes the first counts.
CAUSES = (
    LabelStatus.MISSING,
    LabelStatus.NOT_ALIGNED,
    LabelStatus.OUT_OF_REACH,
    LabelStatus.ON_SPECIAL_TOKEN,
)


class TripleStatus(NamedTuple):
    """The status of one triple.

    Args:
        status: what becomes of it.
        span: the end that is to blame, the subject where none is.
        labels: its quintuples. A lost triple may have one: a false or a masked one.
    """

    status: LabelStatus
    span: Span
    labels: Labels


class StatusFinder:
    """Labels texts and says of each triple whether its label teaches it.

    A triple is learnable where its label reads as it is annotated, as `gplinker_tf.metrics` counts
    by tokenized match. Of triples that are the same by it one is learnable, the others are
    duplicates.

    Args:
        aligner: labels the texts.

    Example:

    >>> from gplinker_tf.structures import Schema
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "dog", "in", "pa"])
    >>> finder = StatusFinder(TripleAligner(tokenizer, Schema((("", "chases", ""),))))
    >>> triples = tuple(Triple(Span(s), "chases", Span("cat")) for s in ("Dog", "Dog", "cow"))
    >>> [(text, statuses)] = finder([Example("dog in Paris cat", triples)])
    >>> [status.status.value for status in statuses]
    ['learnable', 'duplicate', 'not in the text']
    """

    def __init__(self, aligner: TripleAligner) -> None:
        self.aligner = aligner
        self._finder = aligner.finder

    def __repr__(self) -> str:
        return f"StatusFinder({self.aligner})"

    def __call__(
        self, examples: Sequence[Example]
    ) -> Iterator[tuple[AlignedText, list[TripleStatus]]]:
        """The text of each example, and the statuses of its triples in their order."""
        for first in range(0, len(examples), TOGETHER):
            some = examples[first : first + TOGETHER]
            for example, (text, labels) in zip(some, self.aligner.find(some), strict=True):
                yield text, self._statuses(example.triples, labels, text)

    def _statuses(
        self, triples: Sequence[Triple], labels: Sequence[Labels], text: AlignedText
    ) -> list[TripleStatus]:
        if self._plainly_learnable(triples, labels, text):
            return [
                TripleStatus(LabelStatus.LEARNABLE, triple.subject, its_labels)
                for triple, its_labels in zip(triples, labels, strict=True)
            ]
        alone = [
            TripleStatus(*self._cause(triple, its_labels, text), its_labels)
            for triple, its_labels in zip(triples, labels, strict=True)
        ]
        # With offsets, one of two same triples may be out of reach and the other one not.
        keys = list(map(self._key, triples))
        first: dict[Hashable, int] = {}
        for number in sorted(
            range(len(keys)), key=lambda n: alone[n].status is not LabelStatus.LEARNABLE
        ):
            first.setdefault(keys[number], number)
        return [
            status
            if first[key] == number
            else TripleStatus(LabelStatus.DUPLICATE, triple.subject, its_labels)
            for number, (key, triple, status, its_labels) in enumerate(
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

    def _cause(self, triple: Triple, labels: Labels, text: AlignedText) -> tuple[LabelStatus, Span]:
        """The first cause that either end has, and that end."""
        spans = triple.object, triple.subject
        places = (
            [labels[0][3:], labels[0][:2]]
            if labels
            else [self.aligner.place(span, text) for span in spans]
        )
        ends = {
            self._status_of(span, place, text): span
            for span, place in zip(spans, places, strict=True)
        }
        cause = next((cause for cause in CAUSES if cause in ends), LabelStatus.LEARNABLE)
        if cause is LabelStatus.LEARNABLE and not labels:
            return LabelStatus.OUT_OF_REACH, triple.object
        return cause, ends[cause]

    def _status_of(self, span: Span, place: Place | None, text: AlignedText) -> LabelStatus:
        if place is not None:
            if text.masked(place):
                return LabelStatus.ON_SPECIAL_TOKEN
            if self._finder.same(span.text, text.piece(place)):
                return LabelStatus.LEARNABLE
            # [UNK] stands for other characters
        return (
            LabelStatus.NOT_ALIGNED
            if span.text and span.text in text.source
            else LabelStatus.MISSING
        )


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
