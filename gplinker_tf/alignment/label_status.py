"""The label status of annotated triples: whether a model can learn them, and if not, why."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from gplinker_tf.alignment.aligned_text import AlignedText, Place
from gplinker_tf.alignment.triple_aligner import Labels, TripleAligner
from gplinker_tf.structures import Example, Span, Triple

#: The number of texts tokenized together.
TOGETHER = 1024


class LabelStatus(Enum):
    """The label status of a triple: learnable, or the reason why it is not."""

    LEARNABLE = "learnable"
    DUPLICATE = "duplicate"
    MISSING = "not in the text"
    NOT_ALIGNED = "not aligned with tokens"
    OUT_OF_REACH = "out of reach"
    ON_SPECIAL_TOKEN = "on a special token"


#: The causes of lost triples; if several apply, the first one counts.
CAUSES = (
    LabelStatus.MISSING,
    LabelStatus.NOT_ALIGNED,
    LabelStatus.OUT_OF_REACH,
    LabelStatus.ON_SPECIAL_TOKEN,
)


class TripleStatus(NamedTuple):
    """The label status of one triple.

    Args:
        status: the status.
        span: the subject or object that causes the status; the subject if neither does.
        labels: its quintuples. A lost triple may have some too, which are wrong or masked.
    """

    status: LabelStatus
    span: Span
    labels: Labels


class StatusFinder:
    """A finder that labels texts and determines the label status of each triple.

    A triple is learnable if its label gives the annotated words by tokenized match, as defined in
    `gplinker_tf.metrics`. Of triples that are equal by this match, one keeps its status, and the
    others are duplicates.

    Args:
        aligner: the aligner that labels the texts.

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
        """Yield the text of each example, and the statuses of its triples in their order."""
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
        # With offsets, one of two equal triples may be out of reach while the other is not.
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
        """Return whether a quick check shows that all triples are learnable, as in most texts."""
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
        """Return the first cause that applies to an end, and that end."""
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
            # [UNK] covers other characters
        return (
            LabelStatus.NOT_ALIGNED
            if span.text and span.text in text.source
            else LabelStatus.MISSING
        )


def reads_as(text: AlignedText, triple: Triple, labels: Labels) -> bool:
    """Return whether a triple's first label gives the words as written, on no special token."""
    if not labels:
        return False
    subject, object_ = labels[0][:2], labels[0][3:]
    return (
        text.piece(subject) == triple.subject.text
        and text.piece(object_) == triple.object.text
        and not text.masked(subject)
        and not text.masked(object_)
    )
