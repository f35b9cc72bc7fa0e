"""All that a report says of a run, counted once for all its forms."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gplinker_tf.counted import counted
from gplinker_tf.data import open_text
from gplinker_tf.errors import InputError
from gplinker_tf.metrics import Cause, Evaluation, Mistake, ScoreCounts, counts_if_fixed
from gplinker_tf.report.figures import EPOCH_FIGURES, loss_parts
from gplinker_tf.report.remarks import remarks
from gplinker_tf.reprs import shortened

CAUSE_TITLES = ("cause", "errors", "share", "missed", "wrong", "F1 if fixed")


@dataclass(frozen=True)
class CauseRow:
    """One cause: its mistakes, and what they cost.

    Args:
        cause: the cause.
        mistakes: all that have it.
        share: of all mistakes of the run.
        fixed_f1: F1 if they had not been made.
    """

    cause: Cause
    mistakes: tuple[Mistake, ...]
    share: float
    fixed_f1: float

    @property
    def missed(self) -> int:
        """Gold triples among them."""
        return sum(mistake.gold is not None for mistake in self.mistakes)

    @property
    def wrong(self) -> int:
        """Found triples among them."""
        return sum(mistake.found is not None for mistake in self.mistakes)

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands under `CAUSE_TITLES`, behind the cause."""
        counts = [f"{count:,}" for count in (len(self.mistakes), self.missed, self.wrong)]
        return counts[0], f"{self.share:.1%}", *counts[1:], f"{self.fixed_f1:.4f}"

    def examples(self, count: int) -> list[Mistake]:
        """So many of the mistakes: one of each text, then a second of each, and so on."""
        turns: Counter[int] = Counter()

        def turn(mistake: Mistake) -> int:
            turns[mistake.number] += 1
            return turns[mistake.number]

        return sorted(self.mistakes, key=turn)[:count]


@dataclass(frozen=True)
class RunReport:
    """The errors of a run on dev lines.

    Args:
        name: the run's.
        texts: how many were looked at.
        evaluation: the scores.
        mistakes: what `find_mistakes` gave.
        history: the records of the epochs, `read_history`'s.
        examples: how many mistakes of each cause are shown.
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

    @property
    def counts(self) -> ScoreCounts:
        """All triples, by the tokenised match."""
        return self.evaluation.tokenised

    @property
    def remarks(self) -> list[str]:
        """What must be said before the figures, sentence by sentence."""
        return list(remarks(self.counts, self.history))

    def causes(self) -> list[CauseRow]:
        """The causes that occur, the most frequent first."""
        rows = [
            self._row(cause, tuple(m for m in self.mistakes if m.cause is cause)) for cause in Cause
        ]
        return sorted((row for row in rows if row.mistakes), key=lambda row: -len(row.mistakes))

    def _row(self, cause: Cause, mistakes: tuple[Mistake, ...]) -> CauseRow:
        share = len(mistakes) / len(self.mistakes) if self.mistakes else 0.0
        return CauseRow(cause, mistakes, share, counts_if_fixed(self.counts, mistakes).f1)

    def predicates(self) -> list[tuple[str, ScoreCounts]]:
        """The predicates with their scores, those with the most errors first."""
        rows = [(name, counts) for name, (counts, _) in self.evaluation.by_predicate.items()]
        return sorted(rows, key=lambda row: -_errors(row[1]))


def _errors(counts: ScoreCounts) -> int:
    return counts.found + counts.annotated - 2 * counts.correct


def read_history(path: str | Path) -> tuple[dict[str, Any], ...]:
    """The records of a run's epochs; none where the run keeps none.

    Raises:
        InputError: a line is no record.
    """
    if not Path(path).is_file():
        return ()
    return tuple(
        _record(line, f"{path}:{number}")
        for number, line in enumerate(open_text(path), start=1)
        if line.strip()
    )


def _record(line: str, place: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
        numbers: Sequence[Any] = [
            record["epoch"],
            *(record.get(key) for key in (*EPOCH_FIGURES, *loss_parts(record))),
        ]
        received = "another type in a number's place"
        sound = all(isinstance(number, int | float | None) for number in numbers)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        sound, received = False, f"{type(error).__name__}: {error}"
    if not sound:
        raise InputError(
            f"{place}: expected an epoch's record as a JSON object. Received: {received}. "
            "Remove the line; the report does without it."
        )
    return record
