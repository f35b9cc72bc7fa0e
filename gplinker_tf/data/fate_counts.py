"""How many triples of each predicate meet which fate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.data.fates import CAUSES, Fate, TripleFate
from gplinker_tf.structures import Schema, Triple

COLUMNS = {fate: column for column, fate in enumerate(Fate)}


class FateCounts:
    """Counts of fates, one row a predicate.

    Args:
        table: int64 `[P, 6]`: for each predicate the triples of each fate, in the order of `Fate`.
        schema: the predicates.

    Example:

    >>> schema = Schema((("", "主演", ""), ("", "导演", "")))
    >>> table = np.array([[7, 1, 2, 0, 0, 0], [3, 0, 0, 1, 0, 0]])
    >>> counts = FateCounts(table, schema)
    >>> counts.annotated, counts.learnable, counts.lost, counts.of(Fate.DOUBLED)
    (14, 10, 3, 1)
    >>> counts.lost_in_words()
    '2 not in the text, 1 changed by tokenisation'
    >>> counts.predicate(1).annotated
    4
    """

    def __init__(self, table: np.ndarray, schema: Schema) -> None:
        self.schema = schema
        self._rows = table.tolist()

    @classmethod
    def none(cls, schema: Schema) -> FateCounts:
        """Counts of nothing yet."""
        return cls(np.zeros([len(schema.predicates), len(COLUMNS)], np.int64), schema)

    @property
    def table(self) -> np.ndarray:
        """The counts as an array, from which they can be made again."""
        return np.array(self._rows, np.int64)

    def add(self, triples: Sequence[Triple], fates: Sequence[TripleFate]) -> None:
        """Counts the triples of a text."""
        for triple, (fate, _, _) in zip(triples, fates, strict=True):
            self._rows[self.schema.index[triple.predicate]][COLUMNS[fate]] += 1

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

    def lost_in_words(self) -> str:
        """The lost triples by cause, without those that have none."""
        return ", ".join(f"{self.of(cause):,} {cause.value}" for cause in CAUSES if self.of(cause))

    def _sum(self, column: int) -> int:
        return sum(row[column] for row in self._rows)
