"""The content of a report on a run, computed once for all formats."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from gplinker_tf._counted import counted
from gplinker_tf._html import html_line
from gplinker_tf._reprs import shortened
from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.errors_by_cause import (
    Cause,
    Disagreement,
    Mistake,
    counts_if_fixed,
    worth_a_look,
)
from gplinker_tf.metrics import Evaluation, ScoreCounts
from gplinker_tf.report._remarks import remarks

#: The triples of a mistake.
SIDES = ("gold", "found")

CAUSE_TITLES = ("cause", "errors", "share", "missed", "wrong", "F1 if fixed")


@dataclass(frozen=True)
class CauseRow:
    """One cause: its mistakes, and what they cost.

    Args:
        cause: the cause.
        mistakes: all mistakes with this cause.
        share: their share of all mistakes of the run.
        fixed_f1: F1 if they had not been made.
    """

    cause: Cause
    mistakes: tuple[Mistake, ...]
    share: float
    fixed_f1: float

    @property
    def missed(self) -> int:
        """The number of missed triples among them."""
        return sum(mistake.gold is not None for mistake in self.mistakes)

    @property
    def wrong(self) -> int:
        """The number of wrong triples among them."""
        return sum(mistake.found is not None for mistake in self.mistakes)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells under `CAUSE_TITLES` after the cause."""
        counts = [f"{count:,}" for count in (len(self.mistakes), self.missed, self.wrong)]
        return counts[0], f"{self.share:.1%}", *counts[1:], f"{self.fixed_f1:.4f}"

    def examples(self, count: int) -> list[Mistake]:
        """Return up to `count` mistakes: one from each text, then a second from each, and so on."""
        turns: Counter[int] = Counter()

        def turn(mistake: Mistake) -> int:
            turns[mistake.number] += 1
            return turns[mistake.number]

        return sorted(self.mistakes, key=turn)[:count]


@dataclass(frozen=True)
class RunReport(Tabular):
    """The errors of a run on annotated texts.

    A notebook shows them by cause; `to_dataframe` has one row per error.

    Args:
        name: the name of the run.
        texts: the number of texts.
        evaluation: the scores.
        mistakes: the mistakes from `find_mistakes`.
        history: the records of the epochs, from `read_history`.
        examples: how many texts to show as worth a look first, and how many mistakes of each
            cause.

    Example:

    >>> from gplinker_tf.structures import Span, Triple
    >>> counts = ScoreCounts(correct=1, found=1, annotated=2)
    >>> gold = Triple(Span("Rain", 9, 13), "author", Span("Li", 0, 2))
    >>> missed = Mistake(1, "Li wrote Rain", Cause.NOT_FOUND, gold)
    >>> report = RunReport("run", 1, Evaluation(counts, counts, {}), (missed,))
    >>> [(row.cause.title, row.missed, row.fixed_f1) for row in report.causes()]
    [('not found', 1, 1.0)]
    """

    name: str
    texts: int
    evaluation: Evaluation
    mistakes: tuple[Mistake, ...]
    history: tuple[dict[str, Any], ...] = ()
    examples: int = 20

    def __repr__(self) -> str:
        mistakes = counted(len(self.mistakes), "mistake")
        return (
            f"RunReport({shortened(self.name)}, {counted(self.texts, 'text')}, "
            f"F1 {self.counts.f1:.4f}, {mistakes})"
        )

    def _table(self) -> Table:
        words = [f"{side}_{end}" for side in SIDES for end in ("subject", "predicate", "object")]
        return Table(("number", "text", "cause", *words, "score"), list(map(_row, self.mistakes)))

    def _shown_table(self) -> Table:
        return Table(
            CAUSE_TITLES,
            [
                (row.cause.title, len(row.mistakes), row.share, row.missed, row.wrong, row.fixed_f1)
                for row in self.causes()
            ],
        )

    def _heading(self) -> str:
        return super()._heading() + "".join(map(html_line, self.remarks))

    @property
    def counts(self) -> ScoreCounts:
        """The counts of all triples by tokenized match."""
        return self.evaluation.tokenized

    @property
    def remarks(self) -> list[str]:
        """The notes to show before the figures, one sentence each."""
        return list(remarks(self.counts, self.history))

    @property
    def first_texts(self) -> list[Disagreement]:
        """The texts worth a look first; none if the model is too weak to question gold."""
        return [] if self.remarks else worth_a_look(self.mistakes, self.examples)

    def causes(self) -> list[CauseRow]:
        """Return the causes that occur, the most frequent first."""
        rows = [
            self._row(cause, tuple(m for m in self.mistakes if m.cause is cause)) for cause in Cause
        ]
        return sorted((row for row in rows if row.mistakes), key=lambda row: -len(row.mistakes))

    def _row(self, cause: Cause, mistakes: tuple[Mistake, ...]) -> CauseRow:
        share = len(mistakes) / len(self.mistakes) if self.mistakes else 0.0
        return CauseRow(cause, mistakes, share, counts_if_fixed(self.counts, mistakes).f1)

    def predicates(self) -> list[tuple[str, ScoreCounts]]:
        """Return the predicates with their scores, those with the most errors first."""
        rows = [(name, counts) for name, (counts, _) in self.evaluation.by_predicate.items()]
        return sorted(rows, key=lambda row: -_errors(row[1]))


def _row(mistake: Mistake) -> tuple[Any, ...]:
    gold, found = (getattr(mistake, side) for side in SIDES)
    words = (triple.words if triple else (None, None, None) for triple in (gold, found))
    ends = mistake.number, mistake.text, mistake.cause.title
    return *ends, *next(words), *next(words), found.score if found else None


def _errors(counts: ScoreCounts) -> int:
    return counts.found + counts.annotated - 2 * counts.correct
