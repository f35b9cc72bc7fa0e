"""The result of tuning: a model's thresholds, and how probable its triples are by score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.calibration.probability import ProbabilityModel
from gplinker_tf.structures import Triple


@dataclass(frozen=True)
class Calibration(Tabular):
    """The thresholds of a model, and the probabilities of the triples that it finds.

    Args:
        threshold: what each of a triple's scores must exceed.
        by_predicate: the thresholds of predicates that have their own.
        probability: the model that computes probabilities; with `None`, triples get none.
        measured: the scores measured when the thresholds were chosen, as plain values.

    Example:

    >>> calibration = Calibration(-1.0, {"主演": 0.5})
    >>> calibration.thresholds(["导演", "主演"]).tolist()
    [-1.0, 0.5]
    """

    threshold: float = 0.0
    by_predicate: Mapping[str, float] = field(default_factory=dict)
    probability: ProbabilityModel | None = None
    measured: Mapping[str, Any] = field(default_factory=dict)

    def thresholds(self, predicates: Sequence[str]) -> np.ndarray:
        """Return the threshold of each predicate, float32 `[P]`.

        Args:
            predicates: the names of the predicates, in the order of the model's labels.
        """
        values = [self.by_predicate.get(name, self.threshold) for name in predicates]
        return np.array(values, np.float32)

    def with_probabilities(self, triples: Sequence[Triple]) -> tuple[Triple, ...]:
        """Return the same triples, each with the probability that it is right.

        Args:
            triples: the found triples, with scores.

        Example:

        >>> from gplinker_tf.structures import Span
        >>> found = Triple(Span("喜剧之王"), "主演", Span("周星驰"), 10.0, lowest_score=2.0)
        >>> calibration = Calibration(probability=ProbabilityModel(intercept=0.5, slope=1.0))
        >>> round(calibration.with_probabilities([found])[0].probability, 3)
        0.924
        """
        if self.probability is None or not triples:
            return tuple(triples)
        lowest = np.array([triple.lowest_score for triple in triples], np.float64)
        probabilities = self.probability(lowest, [t.predicate for t in triples]).tolist()
        return tuple(
            replace(triple, probability=probability)
            for triple, probability in zip(triples, probabilities, strict=True)
        )

    def _table(self) -> Table:
        rows = [("all others" if self.by_predicate else "all", self.threshold)]
        return Table(("predicate", "threshold"), [*self.by_predicate.items(), *rows])

    @property
    def in_words(self) -> str:
        """The thresholds in words, for messages.

        Example:

        >>> Calibration(-1.5, {"主演": 0.5, "导演": -2.0}).in_words
        'threshold -1.5; -2 to 0.5 for 2 predicates'
        """
        words = f"threshold {self.threshold:g}"
        if not self.by_predicate:
            return words
        values = self.by_predicate.values()
        return (
            f"{words}; {min(values):g} to {max(values):g} for "
            f"{counted(len(self.by_predicate), 'predicate')}"
        )

    def __repr__(self) -> str:
        probability = "" if self.probability is None else ", with probabilities"
        return f"Calibration({self.in_words}{probability})"
