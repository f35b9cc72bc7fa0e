"""Evaluation of found triples against annotated ones, per predicate and overall."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from gplinker_tf._counted import counted
from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.metrics.protocol_scores import (
    COLUMNS,
    ProtocolScores,
    protocol_scores,
    protocol_table,
)
from gplinker_tf.metrics.protocols import PROTOCOLS, Protocol, Tokenize
from gplinker_tf.metrics.removed import RemovedCounts, removed_counts
from gplinker_tf.metrics.score_counts import ScoreCounts
from gplinker_tf.structures import Example, Extraction


@dataclass(frozen=True)
class Evaluation(Tabular):
    """Scores by tokenized and by exact match.

    `to_dataframe` and a notebook show one row for all predicates, then one row per predicate.

    Args:
        tokenized: the scores of all triples if words match as tokens; the F1 of the blog.
        exact: the scores of all triples if words match as written.
        by_predicate: both scores of each predicate that was found or annotated, the one with the
            most annotated triples first. Triples that the extractor left out are not included.
        by_protocol: the scores by each additional protocol, by the protocol's name.
        removed: how many right and wrong triples `consistent_types` removed.

    Example:

    >>> half = ScoreCounts(correct=1, found=2, annotated=2)
    >>> evaluation = Evaluation(half, half, {"主演": (half, half)})
    >>> evaluation.tokenized.f1, evaluation
    (0.5, Evaluation(F1 0.5000, exact 0.5000, 2 found, 2 annotated, 1 predicate))
    """

    tokenized: ScoreCounts
    exact: ScoreCounts
    by_predicate: dict[str, tuple[ScoreCounts, ScoreCounts]]
    by_protocol: dict[str, ProtocolScores] = field(default_factory=dict)
    removed: RemovedCounts = field(default_factory=RemovedCounts)

    def __repr__(self) -> str:
        return (
            f"Evaluation(F1 {self.tokenized.f1:.4f}, exact {self.exact.f1:.4f}, "
            f"{self.tokenized.found:,} found, {self.tokenized.annotated:,} annotated, "
            f"{counted(len(self.by_predicate), 'predicate')})"
        )

    def _table(self) -> Table:
        exact = (f"exact_{column}" for column in COLUMNS)
        pairs = {"all": (self.tokenized, self.exact), **self.by_predicate}
        return Table(
            ("predicate", *COLUMNS, *exact, "found", "annotated"),
            [
                (name, *_scores(tokenized), *_scores(exact), tokenized.found, tokenized.annotated)
                for name, (tokenized, exact) in pairs.items()
            ],
        )

    def table(self) -> str:
        """Return a table: one row per predicate, one for all, then one per additional protocol."""
        rows = [*self.by_predicate.items(), ("all", (self.tokenized, self.exact))]
        width = max(display_width(name) for name, _ in rows)
        head = "".join(f"{title:>11}" for title in (*COLUMNS, *COLUMNS))
        lines = [
            " " * width + f"{'tokenized':>33}{'exact':>33}",
            " " * width + head + f"{'found':>8}{'annotated':>11}",
        ]
        for name, (tokenized, exact) in rows:
            scores = *_scores(tokenized), *_scores(exact)
            cells = "".join(f"{score:>11.4f}" for score in scores)
            padding = " " * (width - display_width(name))
            lines.append(f"{name}{padding}{cells}{tokenized.found:>8}{tokenized.annotated:>11}")
        if self.by_protocol:
            lines += ["", protocol_table(self.by_protocol.values())]
        return "\n".join(lines)


def evaluate_triples(
    examples: Sequence[Example],
    extractions: Sequence[Extraction],
    tokenize: Tokenize,
    protocols: Sequence[Protocol] = (),
) -> Evaluation:
    """Compare found triples with annotated ones, text by text.

    Both are sets: a triple that occurs twice in a text counts once. In the total, triples that the
    extractor left out (`Extraction.left_out`) count as found and wrong, so they never improve it.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenize: a function from a word to its tokens, for the tokenized match.
        protocols: additional protocols to score by, besides tokenized and exact match.

    Returns:
        The scores, overall and per predicate.

    Raises:
        ValueError: examples and extractions are not of the same texts.

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
            "Expected extractions of the examples' texts, in the same order. "
            f"Received: {len(examples)} examples, {len(extractions)} extractions."
        )
    tokenized, exact, *others = (
        protocol_scores(protocol, examples, extractions, tokenize)
        for protocol in (PROTOCOLS["tokenized"], PROTOCOLS["exact"], *protocols)
    )
    names = sorted(
        tokenized.by_predicate,
        key=lambda name: (-tokenized.by_predicate[name].annotated, name),
    )
    return Evaluation(
        tokenized=tokenized.total,
        exact=exact.total,
        by_predicate={
            name: (tokenized.by_predicate[name], exact.by_predicate[name]) for name in names
        },
        by_protocol={scores.protocol.name: scores for scores in others},
        removed=removed_counts(examples, extractions, tokenize),
    )


def _scores(counts: ScoreCounts) -> tuple[float, ...]:
    return tuple(getattr(counts, column) for column in COLUMNS)


def display_width(text: str) -> int:
    """Return the width in terminal columns; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
