"""Finds the causes of errors: how a wrong triple resembles a gold one, or why none does."""

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

#: The causes that apply to a found and a gold triple together, in the order of `Cause`.
RESEMBLANCES = (Cause.SWAPPED, Cause.PREDICATE, Cause.BOUNDARY, Cause.SPAN)


class ErrorClassifier:
    """A classifier of missed and wrong triples that uses the triples of all texts.

    Args:
        examples, extractions, tokenizer, schema, windows: as in `find_mistakes`.

    Attributes:
        key: a function from a triple to what must be equal for two to be the same.
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
        #: The distinct triples of each text, annotated and found.
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
        """Pair missed and wrong triples that resemble each other, one to one, by index."""
        candidates = []
        for (miss, gold), (find, found) in product(enumerate(missed), enumerate(wrong)):
            if cause := self._resemblance(text, gold, found):
                parts = zip(self.key(gold), self.key(found), strict=True)
                alike = sum(part == other for part, other in parts)
                # Found triples are sorted by score, so an earlier one has a better score.
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
        """Return how a wrong triple resembles a gold one, or `None`."""
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
        """Return the cause of a missed triple that is not paired with a wrong one."""
        anywhere = [self._places.of(text, span) for span in (missed.subject, missed.object)]
        if not all(anywhere):
            return Cause.ABSENT
        together = partial(self._places.read_together, text)
        pairs = [pair for pair in product(*anywhere) if together(*pair)]
        if not pairs:
            return Cause.OUT_OF_REACH
        ends = [list(dict.fromkeys(places)) for places in zip(*pairs, strict=True)]
        # A person's name inside a company's name is a different name.
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
        """Return the cause of an unpaired wrong triple and the gold triple it resembles, if any."""
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
        """Return whether the score is high and both words have the required types in gold."""
        if found.score is None or self._high_score is None or found.score < self._high_score:
            return False
        subject, predicate, object_ = self.key(found)
        return any(
            subject_type in self._types_of_word[subject]
            and object_type in self._types_of_word[object_]
            for subject_type, object_type in self._types[predicate]
        )

    def _overlap(self, text: str, gold: Span, found: Span) -> bool:
        """Return whether any occurrences of the two spans share a character."""
        places = (self._places.of(text, span) for span in (gold, found))
        return any(overlap(*pair) for pair in product(*places))

    def located(self, text: str, triple: Triple, near: Triple | None = None) -> Triple:
        """Return the triple with offsets; repeated words get those closest to triple `near`."""
        subject, object_ = (near.subject.start, near.object.start) if near else (None, None)
        return replace(
            triple,
            subject=self._places.locate(text, triple.subject, subject),
            object=self._places.locate(text, triple.object, object_),
        )


def _off_by_one(gold: Sequence[str], found: Sequence[str], spans: tuple[Span, Span]) -> bool:
    """Return whether one end has one token or one character more or less."""
    # Without the special tokens that the tokenizer adds.
    tokens = gold[1:-1], found[1:-1]
    return any(_longer_by_one(*pair) for pair in (tokens, [span.text for span in spans]))


def _longer_by_one(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - len(shorter) == 1 and shorter in (longer[1:], longer[:-1])


def _inside(inner: Characters, outer: Characters) -> bool:
    """Return whether a span is a part of another, but not all of it."""
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer


def _distance(subject: Characters, object_: Characters) -> float:
    """Return the number of characters between two spans, or infinity if they overlap."""
    if overlap(subject, object_):
        return float("inf")
    return max(subject[0], object_[0]) - min(subject[1], object_[1])
