"""Counts of triples by predicate and label status."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.alignment.label_status import CAUSES, LabelStatus, TripleStatus
from gplinker_tf.structures import Schema, Triple

COLUMNS = {status: column for column, status in enumerate(LabelStatus)}


class StatusCounts(Tabular):
    """Counts of triples by label status, one row per predicate.

    Args:
        table: int64 `[P, 6]`, the number of triples with each status for each predicate, in the
            order of `LabelStatus`.
        schema: the predicates.

    Example:

    >>> schema = Schema((("", "主演", ""), ("", "导演", "")))
    >>> table = np.array([[7, 1, 2, 0, 0, 0], [3, 0, 0, 1, 0, 0]])
    >>> counts = StatusCounts(table, schema)
    >>> counts.annotated, counts.learnable, counts.lost, counts.of(LabelStatus.DUPLICATE)
    (14, 10, 3, 1)
    >>> counts.lost_in_words()
    '2 not in the text, 1 not aligned with tokens'
    >>> counts.predicate(1).annotated
    4
    """

    def __init__(self, table: np.ndarray, schema: Schema) -> None:
        self.schema = schema
        self._rows = table.tolist()

    def __repr__(self) -> str:
        triples = counted(self.annotated, "annotated triple")
        return f"StatusCounts({triples}, {self.learnable:,} learnable, {self.lost:,} lost)"

    def _table(self) -> Table:
        titles = ("predicate", "annotated", *(status.value for status in LabelStatus))
        named = zip(self.schema.predicates, self._rows, strict=True)
        return Table(titles, [(name, sum(row), *row) for name, row in named if any(row)])

    @classmethod
    def none(cls, schema: Schema) -> StatusCounts:
        """Return counts that are all 0."""
        return cls(np.zeros([len(schema.predicates), len(COLUMNS)], np.int64), schema)

    @property
    def table(self) -> np.ndarray:
        """The counts as an array, from which the object can be recreated."""
        return np.array(self._rows, np.int64)

    def add(self, triples: Sequence[Triple], statuses: Sequence[TripleStatus]) -> None:
        """Add the triples of a text to the counts."""
        for triple, (status, _, _) in zip(triples, statuses, strict=True):
            self._rows[self.schema.index[triple.predicate]][COLUMNS[status]] += 1

    def predicate(self, label: int) -> StatusCounts:
        """Return the counts of one predicate."""
        rows = np.arange(len(self._rows)) == label
        return StatusCounts(self.table * rows[:, None], self.schema)

    def of(self, status: LabelStatus) -> int:
        """Return the number of triples with a status."""
        return self._sum(COLUMNS[status])

    @property
    def annotated(self) -> int:
        """The number of all triples, including duplicates."""
        return sum(map(self.of, LabelStatus))

    @property
    def learnable(self) -> int:
        """The number of triples that a model can learn from their labels."""
        return self.of(LabelStatus.LEARNABLE)

    @property
    def lost(self) -> int:
        """The number of triples that can't be learned; duplicates do not count as lost."""
        return sum(map(self.of, CAUSES))

    def lost_in_words(self) -> str:
        """Return the number of lost triples by cause, as text; causes with none are left out."""
        return ", ".join(f"{self.of(cause):,} {cause.value}" for cause in CAUSES if self.of(cause))

    def _sum(self, column: int) -> int:
        return sum(row[column] for row in self._rows)
