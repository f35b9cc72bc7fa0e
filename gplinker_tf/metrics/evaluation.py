"""Found triples against annotated ones, for each predicate and in all."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gplinker_tf._counted import counted
from gplinker_tf.metrics.matching import Key, distinct, exact_key, tokenized_key
from gplinker_tf.metrics.score_counts import ScoreCounts
from gplinker_tf.structures import Example, Extraction

COLUMNS = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Evaluation:
    """Scores by tokenized and by exact match.

    Args:
        tokenized: all triples, words equal as tokens; the blog's F1.
        exact: all triples, words equal as written.
        by_predicate: for each predicate that was found or annotated, the same two; the most
            annotated first. Triples that the extractor left out have no predicate here.

    Example:

    >>> half = ScoreCounts(correct=1, found=2, annotated=2)
    >>> evaluation = Evaluation(half, half, {"主演": (half, half)})
    >>> evaluation.tokenized.f1, evaluation
    (0.5, Evaluation(F1 0.5000, exact 0.5000, 2 found, 2 annotated, 1 predicate))
    """

    tokenized: ScoreCounts
    exact: ScoreCounts
    by_predicate: dict[str, tuple[ScoreCounts, ScoreCounts]]

    def __repr__(self) -> str:
        return (
            f"Evaluation(F1 {self.tokenized.f1:.4f}, exact {self.exact.f1:.4f}, "
            f"{self.tokenized.found:,} found, {self.tokenized.annotated:,} annotated, "
            f"{counted(len(self.by_predicate), 'predicate')})"
        )

    def table(self) -> str:
        """A row a predicate and one for all, columns aligned for terminals."""
        rows = [*self.by_predicate.items(), ("all", (self.tokenized, self.exact))]
        width = max(display_width(name) for name, _ in rows)
        head = "".join(f"{title:>11}" for title in (*COLUMNS, *COLUMNS))
        lines = [
            " " * width + f"{'tokenized':>33}{'exact':>33}",
            " " * width + head + f"{'found':>8}{'annotated':>11}",
        ]
        for name, (tokenized, exact) in rows:
            scores = [getattr(counts, c) for counts in (tokenized, exact) for c in COLUMNS]
            cells = "".join(f"{score:>11.4f}" for score in scores)
            padding = " " * (width - display_width(name))
            lines.append(f"{name}{padding}{cells}{tokenized.found:>8}{tokenized.annotated:>11}")
        return "\n".join(lines)


def evaluate_triples(
    examples: Sequence[Example],
    extractions: Sequence[Extraction],
    tokenize: Callable[[str], Sequence[str]],
) -> Evaluation:
    """Compares what was found with what was annotated, text by text.

    Both are sets: a triple that stands twice in a text counts once. What the extractor left out of
    a text (`Extraction.left_out`) counts as found and wrong in all, so its cut never flatters.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenize: from a word to its tokens, for the tokenized match.

    Returns:
        The scores in all and of each predicate.

    Raises:
        ValueError: the two are not about the same texts.

    Example:

    >>> from gplinker_tf.structures import Span, Triple
    >>> gold = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> evaluation = evaluate_triples(
    ...     [Example("喜剧之王", (gold,))], [Extraction("喜剧之王", (gold,))], list)
    >>> evaluation.tokenized.f1
    1.0
    """
    if [example.text for example in examples] != [found.text for found in extractions]:
        raise ValueError(
            "Expected extractions of the examples' texts, in their order. "
            f"Received: {len(examples)} examples, {len(extractions)} extractions."
        )
    tokenized = _count(examples, extractions, tokenized_key(tokenize))
    exact = _count(examples, extractions, exact_key)
    left_out = ScoreCounts(found=sum(extraction.left_out for extraction in extractions))
    names = sorted(tokenized, key=lambda name: (-tokenized[name].annotated, name))
    return Evaluation(
        tokenized=sum(tokenized.values(), left_out),
        exact=sum(exact.values(), left_out),
        by_predicate={name: (tokenized[name], exact[name]) for name in names},
    )


def _count(
    examples: Iterable[Example], extractions: Iterable[Extraction], key: Key
) -> dict[str, ScoreCounts]:
    correct: Counter[str] = Counter()
    found: Counter[str] = Counter()
    annotated: Counter[str] = Counter()
    for example, extraction in zip(examples, extractions, strict=True):
        in_gold = distinct(example.triples, key)
        in_found = distinct(extraction.triples, key)
        annotated.update(triple.predicate for triple in in_gold.values())
        found.update(triple.predicate for triple in in_found.values())
        correct.update(in_gold[kind].predicate for kind in in_gold.keys() & in_found.keys())
    return {
        name: ScoreCounts(correct[name], found[name], annotated[name])
        for name in annotated.keys() | found.keys()
    }


def display_width(text: str) -> int:
    """Terminal columns: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
