"""How many triples of each predicate meet which fate, and the recall that is left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.data.fates import CAUSES, Fate, TripleFate
from gplinker_tf.reprs import counted
from gplinker_tf.structures import Schema, Triple

COLUMNS = {fate: column for column, fate in enumerate(Fate)}
DISTINCT, EXACT = len(COLUMNS), len(COLUMNS) + 1


class FateCounts:
    """Counts of fates, one row a predicate.

    Args:
        table: int64 `[P, 8]`: for each predicate the triples of each fate, in the order of `Fate`;
            then those that are distinct as they are written, and how many of these their labels
            give back exactly.
        schema: the predicates.

    Example:

    >>> schema = Schema((("", "主演", ""), ("", "导演", "")))
    >>> table = np.array([[7, 1, 2, 0, 0, 0, 9, 6], [3, 0, 0, 1, 0, 0, 4, 3]])
    >>> counts = FateCounts(table, schema)
    >>> counts.annotated, counts.learnable, counts.lost, counts.of(Fate.DOUBLED)
    (14, 10, 3, 1)
    >>> counts.tokenised_ceiling == 10 / 13, counts.exact_ceiling == 9 / 13
    (True, True)
    >>> counts.lost_in_words()
    '2 not in the text, 1 changed by tokenisation'
    >>> counts.predicate(1).annotated
    4
    """

    def __init__(self, table: np.ndarray, schema: Schema) -> None:
        self.schema = schema
        self._rows = table.tolist()

    def __repr__(self) -> str:
        triples = counted(self.annotated, "annotated triple")
        return f"FateCounts({triples}, {self.learnable:,} learnable, {self.lost:,} lost)"

    @classmethod
    def none(cls, schema: Schema) -> FateCounts:
        """Counts of nothing yet."""
        return cls(np.zeros([len(schema.predicates), len(COLUMNS) + 2], np.int64), schema)

    @property
    def table(self) -> np.ndarray:
        """The counts as an array, from which they can be made again."""
        return np.array(self._rows, np.int64)

    def add(self, triples: Sequence[Triple], fates: Sequence[TripleFate]) -> None:
        """Counts the triples of a text."""
        for triple, (fate, _, _, distinct, exact) in zip(triples, fates, strict=True):
            row = self._rows[self.schema.index[triple.predicate]]
            row[COLUMNS[fate]] += 1
            row[DISTINCT] += distinct
            row[EXACT] += distinct and exact

    def predicate(self, label: int) -> FateCounts:
        """The counts of one predicate."""
        rows = np.arange(len(self._rows)) == label
        return FateCounts(self.table * rows[:, None], self.schema)

    def of(self, fate: Fate) -> int:
        """Triples that meet a fate."""
        return self._sum(COLUMNS[fate])

    @property
    def annotated(self) -> int:
        """All triples, doubled ones too."""
        return sum(map(self.of, Fate))

    @property
    def learnable(self) -> int:
        """Triples with a label that teaches them."""
        return self.of(Fate.LEARNABLE)

    @property
    def lost(self) -> int:
        """Triples that no label teaches; a doubled one is not lost."""
        return sum(map(self.of, CAUSES))

    @property
    def tokenised_ceiling(self) -> float | None:
        """The tokenised recall of a model that finds all labels; `None` without a triple."""
        return _share(self.learnable, self.learnable + self.lost)

    @property
    def exact_ceiling(self) -> float | None:
        """The exact recall of such a model; `None` without a triple."""
        return _share(self._sum(EXACT), self._sum(DISTINCT))

    def lost_in_words(self) -> str:
        """The lost triples by cause, without those that have none."""
        return ", ".join(f"{self.of(cause):,} {cause.value}" for cause in CAUSES if self.of(cause))

    def _sum(self, column: int) -> int:
        return sum(row[column] for row in self._rows)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
