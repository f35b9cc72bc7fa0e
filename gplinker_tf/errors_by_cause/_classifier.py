"""Causes: how a wrong triple comes near a gold one, and why one stands alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from statistics import median
from typing import Any

from gplinker_tf.alignment import TextWindows
from gplinker_tf.errors_by_cause._word_spans import Characters, WordSpans, overlap
from gplinker_tf.errors_by_cause.causes import Cause
from gplinker_tf.metrics.matching import distinct, tokenized_key
from gplinker_tf.structures import Example, Extraction, Schema, Span, Triple

#: The causes that a found triple and a gold one show together, in `Cause`'s order.
RESEMBLANCES = (Cause.SWAPPED, Cause.PREDICATE, Cause.BOUNDARY, Cause.SPAN)


class ErrorClassifier:
    """The causes of what was missed and wrongly found, by what is known of all texts.

    Args:
        examples, extractions, tokenizer, schema, windows: as `find_mistakes` takes them.

    Attributes:
        key: when two triples are the same.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        extractions: Sequence[Extraction],
        tokenizer: Any,
        schema: Schema,
        windows: TextWindows,
    ) -> None:
        self.key = tokenized_key(tokenizer.tokenize)
        self._places = WordSpans(tokenizer, windows)
        self._types: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for subject_type, predicate, object_type in schema.rows:
            self._types[predicate].add((subject_type, object_type))
        self._gold: set[Hashable] = set()
        self._types_of_word: dict[Hashable, set[str]] = defaultdict(set)
        #: For each text its distinct triples, annotated and found.
        self.distinct: list[tuple[dict[Any, Triple], dict[Any, Triple]]] = []
        right_scores = []
        for example, extraction in zip(examples, extractions, strict=True):
            gold = distinct(example.triples, self.key)
            self._gold.update(gold)
            for subject, predicate, object_ in gold:
                for subject_type, object_type in self._types[predicate]:
                    self._types_of_word[subject].add(subject_type)
                    self._types_of_word[object_].add(object_type)
            found = distinct(extraction.triples, self.key)
            self.distinct.append((gold, found))
            right_scores += [found[key].score for key in found.keys() & gold.keys()]
        scores = [score for score in right_scores if score is not None]
        self._high_score = median(scores) if scores else None

    def pairs(
        self, text: str, missed: Sequence[Triple], wrong: Sequence[Triple]
    ) -> dict[tuple[int, int], Cause]:
        """Which missed triple (by place) which wrong one was meant to be, one to one."""
        candidates = []
        for (miss, gold), (find, found) in product(enumerate(missed), enumerate(wrong)):
            if cause := self._resemblance(text, gold, found):
                parts = zip(self.key(gold), self.key(found), strict=True)
                alike = sum(part == other for part, other in parts)
                # The better score is the earlier find.
                candidates.append((RESEMBLANCES.index(cause), -alike, find, miss))
        pairs: dict[tuple[int, int], Cause] = {}
        misses, finds = set(), set()
        for rank, _, find, miss in sorted(candidates):
            if miss not in misses and find not in finds:
                misses.add(miss)
                finds.add(find)
                pairs[miss, find] = RESEMBLANCES[rank]
        return pairs

    def _resemblance(self, text: str, gold: Triple, found: Triple) -> Cause | None:
        """How a wrong triple comes near a gold one, if it does."""
        subject, predicate, object_ = self.key(gold)
        found_subject, found_predicate, found_object = self.key(found)
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

    def of_miss(self, text: str, missed: Triple, gold: Iterable[Triple]) -> Cause:
        """The cause of a missed triple that no wrong one was meant to be."""
        anywhere = [self._places.of(text, span) for span in (missed.subject, missed.object)]
        if not all(anywhere):
            return Cause.ABSENT
        together = partial(self._places.read_together, text)
        pairs = [pair for pair in product(*anywhere) if together(*pair)]
        if not pairs:
            return Cause.OUT_OF_REACH
        ends = [list(dict.fromkeys(places)) for places in zip(*pairs, strict=True)]
        # A person's name inside a company's is another name.
        names = {span.text for triple in gold for span in (triple.subject, triple.object)}
        longer = [place for name in names for place in self._places.find(text, name)]
        own = [[p for p in places if not any(map(partial(_inside, p), longer))] for places in ends]
        closest = min((_distance(*pair) for pair in product(*own)), default=float("inf"))
        labeled = [places[0] for places in ends]
        if labeled[0] == labeled[1]:
            apart = (place for place in ends[1] if not overlap(place, labeled[0]))
            labeled[1] = next(apart, labeled[1])
        sound = all(place in places for place, places in zip(labeled, own, strict=True))
        if closest < float("inf") and not (sound and _distance(*labeled) <= closest):
            return Cause.REPEATED
        return Cause.NOT_FOUND

    def of_find(
        self, text: str, found: Triple, gold: Iterable[Triple]
    ) -> tuple[Cause, Triple | None]:
        """The cause of a wrong triple alone, and the gold triple that is near, if one is."""
        if self.key(found) in self._gold:
            return Cause.UNANNOTATED, None
        near: dict[Cause, Triple] = {}
        for triple in gold:
            if cause := self._resemblance(text, triple, found):
                near.setdefault(cause, triple)
        for cause in RESEMBLANCES:
            if cause in near:
                return cause, near[cause]
        return (Cause.UNANNOTATED if self._plausible(found) else Cause.SPURIOUS), None

    def _plausible(self, found: Triple) -> bool:
        """The score is high, and elsewhere gold gives both ends the types that are wanted."""
        if found.score is None or self._high_score is None or found.score < self._high_score:
            return False
        subject, predicate, object_ = self.key(found)
        return any(
            subject_type in self._types_of_word[subject]
            and object_type in self._types_of_word[object_]
            for subject_type, object_type in self._types[predicate]
        )

    def _overlap(self, text: str, gold: Span, found: Span) -> bool:
        """Whether any places of the two share a character."""
        places = (self._places.of(text, span) for span in (gold, found))
        return any(overlap(*pair) for pair in product(*places))

    def located(self, text: str, triple: Triple, near: Triple | None = None) -> Triple:
        """The triple with offsets, close to another where its words stand in several places."""
        subject, object_ = (near.subject.start, near.object.start) if near else (None, None)
        return replace(
            triple,
            subject=self._places.locate(text, triple.subject, subject),
            object=self._places.locate(text, triple.object, object_),
        )


def _off_by_one(gold: Sequence[str], found: Sequence[str], spans: tuple[Span, Span]) -> bool:
    """One token or one character more or less at one end."""
    # Between the borders that the tokenizer sets.
    tokens = gold[1:-1], found[1:-1]
    return any(_longer_by_one(*pair) for pair in (tokens, [span.text for span in spans]))


def _longer_by_one(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - len(shorter) == 1 and shorter in (longer[1:], longer[:-1])


def _inside(inner: Characters, outer: Characters) -> bool:
    """Whether a place is a part of another, and not all of it."""
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer


def _distance(subject: Characters, object_: Characters) -> float:
    """Characters between two places; one inside the other is no pair that a triple is about."""
    if overlap(subject, object_):
        return float("inf")
    return max(subject[0], object_[0]) - min(subject[1], object_[1])
