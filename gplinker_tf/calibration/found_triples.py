"""Found triples as arrays: their scores, and whether they are right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.metrics.matching import TokenizedTriple, distinct, tokenized_key
from gplinker_tf.structures import Example, Extraction, Schema


class FoundTriples(NamedTuple):
    """The distinct triples that a model found at a low threshold, and counts of annotated ones.

    At a higher threshold, the model finds those whose `lowest` exceeds that threshold.

    Args:
        text: int64 `[N]`, the index of each triple's text.
        predicate: int64 `[N]`, the index of its predicate.
        lowest: float64 `[N]`, its lowest score; the best one if it was found several times.
        correct: bool `[N]`, whether it was annotated, by tokenized match.
        annotated: int64 `[B, P]`, the number of annotated triples per text and predicate.
    """

    text: np.ndarray
    predicate: np.ndarray
    lowest: np.ndarray
    correct: np.ndarray
    annotated: np.ndarray

    def __repr__(self) -> str:
        return shapes_repr(self)


def found_triples(
    examples: Sequence[Example],
    extractions: Iterable[Extraction],
    tokenize: Callable[[str], Sequence[str]],
    schema: Schema,
) -> FoundTriples:
    """Compare found triples with annotated ones by tokenized match.

    Args:
        examples: the annotated texts.
        extractions: what was found in them at a low threshold, in the same order.
        tokenize: a function from a word to its tokens.
        schema: the model's predicates.

    Example:

    >>> from gplinker_tf.structures import Span, Triple
    >>> schema = Schema((("影视作品", "主演", "人物"),))
    >>> found = Triple(Span("喜剧之王"), "主演", Span("周星驰"), 9.0, lowest_score=1.5)
    >>> triples = found_triples([Example("…", (found,))], [Extraction("…", (found,))], list, schema)
    >>> triples.lowest.tolist(), triples.correct.tolist(), triples.annotated.tolist()
    ([1.5], [True], [[1]])

    Returns:
        The triples of all texts in one list.
    """
    key = tokenized_key(tokenize)
    annotated = np.zeros([len(examples), len(schema.predicates)], np.int64)
    rows: list[tuple[int, int, float, bool]] = []
    for text, (example, extraction) in enumerate(zip(examples, extractions, strict=True)):
        gold = distinct(example.triples, key)
        for triple in gold.values():
            annotated[text, schema.index[triple.predicate]] += 1
        lowest: dict[TokenizedTriple, float] = {}
        for triple in extraction.triples:
            kind = key(triple)
            lowest[kind] = max(lowest.get(kind, -np.inf), triple.lowest_score or 0.0)
        rows += [(text, schema.index[kind[1]], lowest[kind], kind in gold) for kind in lowest]
    columns = np.array(rows, np.float64).reshape(-1, 4).T
    texts, predicates, scores, correct = columns
    return FoundTriples(
        texts.astype(np.int64), predicates.astype(np.int64), scores, correct > 0, annotated
    )
