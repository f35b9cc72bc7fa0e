"""A text that a model reads once, with its triples at any threshold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gplinker_tf.structures import Extraction, Mention, Triple
from gplinker_tf.visualization._read_scores import Window, pairs_in, scores_of, windows_of
from gplinker_tf.visualization._scores_picture import Read, picture_of
from gplinker_tf.visualization._text_scores import TextScores, Tokens
from gplinker_tf.visualization.picture import Picture

if TYPE_CHECKING:
    from gplinker_tf.extraction import RelationExtractor

#: The lowest threshold, and the maximum number of triples kept at it.
LOWEST, MOST = -5.0, 1000

#: The maximum number of triples to choose from, best first.
CHOICES = 50

#: The scores of a text alone and in a batch differ by less than this.
ROUNDING = 1e-3

#: The maximum number of tokens on the axes of the maps.
TOKENS = 20


def lowest_threshold(extractor: RelationExtractor) -> float:
    """Return the threshold above which a higher one always finds a subset of a lower one's."""
    return max(LOWEST, extractor.model.nested_from)


class TextAtThresholds:
    """What a model finds in a text at any threshold, and its scores.

    Args:
        extractor: the model with its tokenizer and schema.
        text: the text.
    """

    def __init__(self, extractor: RelationExtractor, text: str) -> None:
        self._schema = extractor.schema
        self.all: Extraction = extractor(text, lowest_threshold(extractor), max_triples=MOST)
        self._extractor = extractor
        self._windows = windows_of(extractor, text)
        self._scores: dict[int, TextScores] = {}
        self._terms: dict[tuple[str, Mention], float] = {}

    def above(self, threshold: float) -> Extraction:
        """Return the text with the triples and mentions whose lowest term exceeds the threshold."""
        kept = (one for one in self.all.triples if (one.lowest_score or 0.0) > threshold)
        triples = [one if len(one.mentions) < 2 else self._cut(one, threshold) for one in kept]
        triples.sort(key=lambda one: -(one.score or 0.0))
        return replace(self.all, triples=tuple(triples), left_out=0)

    def _cut(self, triple: Triple, threshold: float) -> Triple:
        """Return a triple with several mentions without those that the threshold excludes."""
        lowest = [self._lowest(triple.predicate, mention) for mention in triple.mentions]
        least = min(threshold, max(lowest) - ROUNDING)
        kept = [
            mention for mention, term in zip(triple.mentions, lowest, strict=True) if term > least
        ]
        best = kept[0]
        return replace(
            triple,
            subject=best.subject,
            object=best.object,
            score=best.score,
            mentions=tuple(kept),
        )

    def _lowest(self, predicate: str, mention: Mention) -> float:
        """Return the lowest term of a mention, in the window where it is best."""
        key = predicate, mention
        if key not in self._terms:
            label = self._schema.index[predicate]
            self._terms[key] = max(
                min(term.compared for term in scores.terms(label, predicate, *pair))
                for window in self._windows
                for pair in pairs_in(self.all.text, window, mention.subject, mention.object)
                for _, scores, _ in [self._read(window)]
            )
        return self._terms[key]

    def of(self, predicate: str) -> list[Triple]:
        """Return the triples of a predicate at the lowest threshold, the most certain first."""
        found = [triple for triple in self.all.triples if triple.predicate == predicate]
        return sorted(found, key=lambda one: -(one.lowest_score or 0.0))[:CHOICES]

    def scores(self, predicate: str, threshold: float, pair: Triple | None) -> Picture:
        """Return `show_scores` of a predicate, in the window that has the pair."""
        read = self._with(pair) if pair else self._read(self._windows[0])
        return picture_of(read, predicate, self._schema.index[predicate], threshold, TOKENS)

    def _with(self, pair: Triple) -> Read:
        for window in self._windows:
            for places in pairs_in(self.all.text, window, pair.subject, pair.object):
                return self._read(window, places)
        return self._read(self._windows[0])

    def _read(self, window: Window, pair: tuple[Tokens, Tokens] | None = None) -> Read:
        if window.number not in self._scores:
            self._scores[window.number] = scores_of(self._extractor, self.all.text, window)
        return window, self._scores[window.number], pair
