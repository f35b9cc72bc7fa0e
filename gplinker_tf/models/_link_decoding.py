"""Quintuples decoded from entities and the links between their ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from gplinker_tf.alignment.triple_aligner import Quintuple

#: First and last tokens of subjects, or of objects.
Spans = set[tuple[int, int]]

#: Maps the first (or last) tokens of a subject and an object to the predicates that link them.
Links = dict[tuple[int, int], set[int]]


def inner_spans(quintuples: Iterable[Quintuple], length: int) -> tuple[Spans, Spans]:
    """Return the subjects and the objects without [CLS] and [SEP], as (first, last) tokens."""
    subjects, objects = (
        {
            (row[first], row[first + 1])
            for row in quintuples
            if row[first] > 0 and row[first + 1] < length - 1
        }
        for first in (0, 3)
    )
    return subjects, objects


def links_of(quintuples: Iterable[Quintuple], end: int) -> Links:
    """Return the links between first tokens (`end` 0) or between last tokens (`end` 1)."""
    links: Links = defaultdict(set)
    for row in quintuples:
        links[row[end], row[3 + end]].add(row[2])
    return links


def linked(subjects: Spans, objects: Spans, head: Links, tail: Links | None) -> set[Quintuple]:
    """Return all quintuples whose predicate links both ends, or only the first if `tail` is `None`.

    Example:

    >>> rows = [(1, 2, 0, 4, 4)]
    >>> subjects, objects = inner_spans(rows, length=6)
    >>> linked(subjects, objects, links_of(rows, 0), links_of(rows, 1))
    {(1, 2, 0, 4, 4)}
    """
    found: set[Quintuple] = set()
    for subject in subjects:
        for object_ in objects:
            predicates = head.get((subject[0], object_[0]), set())
            if tail is not None:
                predicates = predicates & tail.get((subject[1], object_[1]), set())
            found.update((*subject, predicate, *object_) for predicate in predicates)
    return found
