"""Every missed and every wrongly found triple in exactly one row, with its cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from statistics import median
from typing import Any

from gplinker_tf.metrics.causes import Cause
from gplinker_tf.metrics.matching import distinct, tokenised_key
from gplinker_tf.metrics.score_counts import ScoreCounts
from gplinker_tf.metrics.word_places import WordPlaces, overlap
from gplinker_tf.structures import Example, Extraction, Schema, Span, Triple

#: The causes that a found triple and a gold one show together, in `Cause`'s order.
RESEMBLANCES = (Cause.SWAPPED, Cause.PREDICATE, Cause.BOUNDARY, Cause.SPAN)


@dataclass(frozen=True)
class Mistake:
    """A missed triple, a wrongly found one, or both where one was meant to be the other.

    Args:
        number: the text's, from 1.
        text: the text.
        cause: why.
        gold: the missed triple, or `None`; its spans have offsets where its words stand in the
            text.
        found: the wrong triple, or `None`; likewise.
        near: where the wrong triple stands alone, the gold one that it comes near all the same:
            it was found as well, or is in another row.
    """

    number: int
    text: str
    cause: Cause
    gold: Triple | None = None
    found: Triple | None = None
    near: Triple | None = None


def find_mistakes(
    examples: Sequence[Example],
    extractions: Sequence[Extraction],
    tokenizer: Any,
    schema: Schema,
    max_length: int,
) -> list[Mistake]:
    """Classifies what `evaluate_triples` counts against a model, by the tokenised match.

    In each text, missed and wrong triples that resemble each other are paired, one to one: the
    causes in their order, the better score first. The missed ones that are left are looked at
    alone. The wrong ones that are left may be gold in another line, may resemble a gold triple
    that another one was paired with or that was found as well, and else are looked at alone.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenizer: a `BertTokenizer`, or what has its `encode` and `tokenize`.
        schema: the predicates with the types of their ends.
        max_length: tokens of a text that the model reads, [CLS] and [SEP] included.

    Returns:
        The mistakes, text by text.

    Example:

    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> words = "[PAD] [UNK] [CLS] [SEP] Li wrote Rain".split()
    >>> rain, li = Span("Rain"), Span("Li")
    >>> [mistake] = find_mistakes(
    ...     [Example("Li wrote Rain", (Triple(rain, "author", li),))],
    ...     [Extraction("Li wrote Rain", (Triple(li, "author", rain),))],
    ...     BertTokenizer(words, lowercase=False),
    ...     Schema((("book", "author", "person"),)),
    ...     max_length=128,
    ... )
    >>> mistake.cause.title
    'subject and object swapped'
    """
    judge = _Judge(examples, extractions, tokenizer, schema, max_length)
    pairs = enumerate(zip(examples, extractions, strict=True), start=1)
    return [
        mistake
        for number, (example, extraction) in pairs
        for mistake in judge.mistakes(number, example, extraction)
    ]


def mended(counts: ScoreCounts, mistakes: Iterable[Mistake]) -> ScoreCounts:
    """The counts if these mistakes had not been made.

    A missed triple is found; a wrong one becomes the missed one that it was meant to be. A wrong
    one alone is not found, or, where gold seems incomplete, it is gold.

    Example:

    >>> pair = Mistake(1, "", Cause.PREDICATE, gold=Triple(*"apb"), found=Triple(*"aqb"))
    >>> mended(ScoreCounts(correct=1, found=2, annotated=2), [pair])
    ScoreCounts(correct=2, found=2, annotated=2)
    """
    for mistake in mistakes:
        if mistake.gold and mistake.found:
            counts += ScoreCounts(correct=1)
        elif mistake.gold:
            counts += ScoreCounts(correct=1, found=1)
        elif mistake.cause is Cause.INCOMPLETE:
            counts += ScoreCounts(correct=1, annotated=1)
        else:
            counts += ScoreCounts(found=-1)
    return counts


class _Judge:
    """What a verdict on one text needs to know of all texts."""

    def __init__(
        self,
        examples: Sequence[Example],
        extractions: Sequence[Extraction],
        tokenizer: Any,
        schema: Schema,
        max_length: int,
    ) -> None:
        self._key = tokenised_key(tokenizer.tokenize)
        self._places = WordPlaces(tokenizer, max_length)
        self._types = defaultdict(set)
        for subject, predicate, object_ in schema.rows:
            self._types[predicate].add((subject, object_))
        self._gold: set[Hashable] = set()
        self._types_of_word: dict[Hashable, set[str]] = defaultdict(set)
        right_scores = []
        for example, extraction in zip(examples, extractions, strict=True):
            gold = distinct(example.triples, self._key)
            self._gold.update(gold)
            for subject, predicate, object_ in gold:
                for subject_type, object_type in self._types[predicate]:
                    self._types_of_word[subject].add(subject_type)
                    self._types_of_word[object_].add(object_type)
            found = distinct(extraction.triples, self._key)
            right_scores += [found[key].score for key in found.keys() & gold.keys()]
        scores = [score for score in right_scores if score is not None]
        self._high_score = median(scores) if scores else None

    def mistakes(self, number: int, example: Example, extraction: Extraction) -> Iterator[Mistake]:
        """The mistakes of one text."""
        text = example.text
        gold = distinct(example.triples, self._key)
        found = distinct(extraction.triples, self._key)
        missed = [gold[key] for key in gold if key not in found]
        wrong = [found[key] for key in found if key not in gold]
        pairs = self._pairs(text, missed, wrong)
        for (miss, find), cause in pairs.items():
            near = self._located(text, wrong[find])
            yield Mistake(number, text, cause, self._located(text, missed[miss], near), near)
        misses, finds = ({pair[side] for pair in pairs} for side in (0, 1))
        for miss, triple in enumerate(missed):
            if miss not in misses:
                cause = self._cause_of_miss(text, triple, gold.values())
                yield Mistake(number, text, cause, gold=self._located(text, triple))
        for find, triple in enumerate(wrong):
            if find not in finds:
                cause, near = self._cause_of_find(text, triple, gold.values())
                found_there = self._located(text, triple)
                yield Mistake(number, text, cause, found=found_there, near=near)

    def _pairs(
        self, text: str, missed: Sequence[Triple], wrong: Sequence[Triple]
    ) -> dict[tuple[int, int], Cause]:
        """Which missed triple (by place) which wrong one was meant to be, one to one."""
        causes = {}
        for (miss, gold), (find, found) in product(enumerate(missed), enumerate(wrong)):
            if cause := self._resemblance(text, gold, found):
                causes[miss, find] = cause
        pairs: dict[tuple[int, int], Cause] = {}
        misses, finds = set(), set()
        # The better score is the earlier find.
        for miss, find in sorted(
            causes, key=lambda pair: (RESEMBLANCES.index(causes[pair]), pair[1], pair[0])
        ):
            if miss not in misses and find not in finds:
                misses.add(miss)
                finds.add(find)
                pairs[miss, find] = causes[miss, find]
        return pairs

    def _resemblance(self, text: str, gold: Triple, found: Triple) -> Cause | None:
        """How a wrong triple comes near a gold one, if it does."""
        subject, predicate, object_ = self._key(gold)
        found_subject, found_predicate, found_object = self._key(found)
        if (subject, object_) == (found_subject, found_object):
            return Cause.PREDICATE
        if predicate != found_predicate:
            return None
        if (subject, object_) == (found_object, found_subject):
            return Cause.SWAPPED
        right = [subject == found_subject, object_ == found_object]
        ends = [(gold.subject, found.subject), (gold.object, found.object)]
        words = [(subject, found_subject), (object_, found_object)]
        wrong = right.index(False)
        if any(right) and _off_by_one(*words[wrong], ends[wrong]):
            return Cause.BOUNDARY
        if all(same or self._overlap(text, *end) for same, end in zip(right, ends, strict=True)):
            return Cause.SPAN
        return None

    def _cause_of_miss(self, text: str, missed: Triple, gold: Iterable[Triple]) -> Cause:
        ends = [self._places.find(text, span.text) for span in (missed.subject, missed.object)]
        if not all(ends):
            return Cause.ABSENT
        limit = self._places.read_until(text)
        ends = [[place for place in places if place.end <= limit] for places in ends]
        if not all(ends):
            return Cause.TRUNCATED
        # A person's name inside a company's is another name.
        names = {span.text for triple in gold for span in (triple.subject, triple.object)}
        longer = [place for name in names for place in self._places.find(text, name)]
        own = [[p for p in places if not any(map(partial(_inside, p), longer))] for places in ends]
        closest = min((_distance(*pair) for pair in product(*own)), default=float("inf"))
        labelled = [places[0] for places in ends]
        sound = all(place in places for place, places in zip(labelled, own, strict=True))
        if closest < float("inf") and not (sound and _distance(*labelled) <= closest):
            return Cause.REPEATED
        return Cause.NOT_FOUND

    def _cause_of_find(
        self, text: str, found: Triple, gold: Iterable[Triple]
    ) -> tuple[Cause, Triple | None]:
        """The cause, and the gold triple that is near, if one is."""
        if self._key(found) in self._gold:
            return Cause.INCOMPLETE, None
        near = {}
        for triple in gold:
            if cause := self._resemblance(text, triple, found):
                near.setdefault(cause, triple)
        for cause in RESEMBLANCES:
            if cause in near:
                return cause, near[cause]
        return (Cause.INCOMPLETE if self._plausible(found) else Cause.GROUNDLESS), None

    def _plausible(self, found: Triple) -> bool:
        """The score is high, and elsewhere gold gives both ends the types that are wanted."""
        if found.score is None or self._high_score is None or found.score < self._high_score:
            return False
        subject, predicate, object_ = self._key(found)
        return any(
            subject_type in self._types_of_word[subject]
            and object_type in self._types_of_word[object_]
            for subject_type, object_type in self._types[predicate]
        )

    def _overlap(self, text: str, gold: Span, found: Span) -> bool:
        """Whether any places of the two share a character."""
        places = (
            [span] if span.start is not None else self._places.find(text, span.text)
            for span in (gold, found)
        )
        return any(overlap(*pair) for pair in product(*places))

    def _located(self, text: str, triple: Triple, near: Triple | None = None) -> Triple:
        """The triple with offsets, close to another where its words stand in several places."""
        return replace(
            triple,
            subject=self._places.locate(text, triple.subject, near and near.subject.start),
            object=self._places.locate(text, triple.object, near and near.object.start),
        )


def _off_by_one(gold: Sequence[str], found: Sequence[str], spans: tuple[Span, Span]) -> bool:
    """One token or one character more or less at one end."""
    # Between the borders that the tokenizer sets.
    tokens = gold[1:-1], found[1:-1]
    return any(_longer_by_one(*pair) for pair in (tokens, [span.text for span in spans]))


def _longer_by_one(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - len(shorter) == 1 and shorter in (longer[1:], longer[:-1])


def _inside(inner: Span, outer: Span) -> bool:
    """Whether a span is a part of another, and not all of it."""
    return (
        outer.start <= inner.start
        and inner.end <= outer.end
        and (inner.start, inner.end) != (outer.start, outer.end)
    )


def _distance(subject: Span, object_: Span) -> float:
    """Characters between two spans; one inside the other is no pair that a triple is about."""
    if overlap(subject, object_):
        return float("inf")
    return max(subject.start, object_.start) - min(subject.end, object_.end)
