"""Notes on labels: what is worth knowing besides whether they can be learned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum
from typing import NamedTuple

from gplinker_tf.alignment import AlignedText, LabelStatus, Place, StatusFinder
from gplinker_tf.alignment.label_status import TripleStatus
from gplinker_tf.alignment.triple_aligner import Quintuple
from gplinker_tf.structures import Example, Span, Triple


class LabelNote(Enum):
    """Notes on a triple: the last if it can't be learned, otherwise any of the others."""

    INSIDE = "matched inside a longer word"
    REPEATED = "an entity occurs several times"
    RESPELT = "written differently in the text"
    CLASHING = "lost to another triple"
    ELSEWHERE = "label on the wrong characters"


class NotedWord(NamedTuple):
    """The word of a triple that a note is about.

    Args:
        word: the subject or the object.
        start: offset of the first labeled character.
        detail: depending on the note, the longer word; how many times it occurs; its spelling in
            the text; nothing; the characters that are labeled instead.
    """

    word: str
    start: int
    detail: str


class LabelNotes:
    """The notes on the triples of one text.

    Args:
        example: the text and its triples.
        text: the text with its tokens, as it is labeled.
        finder: the finder of its statuses.
        decoded: the triples that a model with perfect scores finds.

    Example:

    >>> from gplinker_tf.alignment import TripleAligner
    >>> from gplinker_tf.structures import Schema
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "##s", "dog"])
    >>> finder = StatusFinder(TripleAligner(tokenizer, Schema((("", "like", ""),))))
    >>> example = Example("Cats, dog and dog", (Triple(Span("cat"), "like", Span("dog")),))
    >>> [(text, [status])] = finder([example])
    >>> notes = LabelNotes(example, text, finder, set(status.labels))
    >>> for note, mention in notes(example.triples[0], status).items():
    ...     print(note.value, "-", mention.word, mention.start, mention.detail)
    matched inside a longer word - cat 0 Cats
    written differently in the text - cat 0 Cat
    an entity occurs several times - dog 6 2 times
    """

    def __init__(
        self,
        example: Example,
        text: AlignedText,
        finder: StatusFinder,
        decoded: Collection[Quintuple],
    ) -> None:
        self._text = text
        self._decoded = decoded
        self._finder = finder.aligner.finder
        triples = example.triples
        self._words = {word for t in triples for word in (t.subject.text, t.object.text)}
        self._known: dict[tuple[Span, Place], dict[LabelNote, NotedWord]] = {}

    def __call__(self, triple: Triple, status: TripleStatus) -> dict[LabelNote, NotedWord]:
        """Return the notes on a triple, each with its word: the subject if both have the note."""
        if not status.labels:
            return {}
        label = status.labels[0]
        if status.status is LabelStatus.LEARNABLE:
            subject, object_ = (
                self._on(triple.subject, label[:2]),
                self._on(triple.object, label[3:]),
            )
            return {**subject, **object_, **subject, **self._lost(triple, label)}
        if status.status in (LabelStatus.MISSING, LabelStatus.NOT_ALIGNED):
            place = label[:2] if status.span is triple.subject else label[3:]
            return {LabelNote.ELSEWHERE: self._mention(status.span, place, self._text.piece(place))}
        return {}

    def _on(self, span: Span, place: Place) -> dict[LabelNote, NotedWord]:
        """Return the notes on a labeled word; cached, as several triples may share it."""
        if (span, place) not in self._known:
            details = {}
            if span.start is None:
                places = self._finder.places(span.text, self._text)
                details[LabelNote.INSIDE] = self._longer(span.text, place, places)
                details[LabelNote.REPEATED] = f"{len(places)} times" if len(places) > 1 else ""
            piece = self._text.piece(place)
            details[LabelNote.RESPELT] = piece if piece != span.text else ""
            self._known[span, place] = {
                note: self._mention(span, place, detail)
                for note, detail in details.items()
                if detail
            }
        return self._known[span, place]

    def _lost(self, triple: Triple, label: Quintuple) -> dict[LabelNote, NotedWord]:
        """Return a note if perfect scores miss a triple, on the object if the subject is found."""
        if label in self._decoded:
            return {}
        subject, object_ = (triple.subject, label[:2]), (triple.object, label[3:])
        found = label[:2] in {row[:2] for row in self._decoded}
        return {LabelNote.CLASHING: self._mention(*(object_ if found else subject), "")}

    def _mention(self, span: Span, place: Place, detail: str) -> NotedWord:
        return NotedWord(span.text, self._text.characters(place)[0], detail)

    def _longer(self, word: str, place: Place, places: Sequence[Place]) -> str:
        """Return the longer word around a place, or an annotated one around some of the places."""
        longer = self._text.longer_word(*self._text.characters(place))
        if longer or len(places) == 1:
            return longer
        around: dict[Place, str] = {}
        for other in sorted(self._words):
            if self._finder.rough_key(word) in self._finder.rough_key(other):
                for outer in self._finder.places(other, self._text):
                    around |= {inner: other for inner in places if _holds(outer, inner)}
        return around.get(place, "") if len(around) < len(places) else ""


def _holds(outer: Place, inner: Place) -> bool:
    """Return whether one place is a part of another, but not all of it."""
    return outer[0] <= inner[0] and inner[1] <= outer[1] and outer != inner
