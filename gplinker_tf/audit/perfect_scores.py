"""The best possible evaluation of a model: what it finds if its scores match its labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from gplinker_tf.alignment import TripleAligner
from gplinker_tf.alignment.triple_aligner import Quintuple
from gplinker_tf.metrics import Evaluation, ScoreCounts, evaluate_triples
from gplinker_tf.structures import Encoding, Example, Extraction, Span, Triple


class PerfectScores:
    """Decodes the labels of texts as the model would, and evaluates the result.

    Args:
        target_builder: that of the model; its `decoded` returns what perfect scores decode to.
        aligner: the aligner that made the quintuples.

    Example:

    >>> from gplinker_tf.models import CasRelTargets
    >>> from gplinker_tf.structures import Schema
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"北京市政府"])
    >>> aligner = TripleAligner(tokenizer, Schema((("", "在", ""),)))
    >>> triples = tuple(Triple(Span(s), "在", Span("北")) for s in ("北京市", "北京市政府"))
    >>> examples = [Example("北京市政府", triples)]
    >>> perfect = PerfectScores(CasRelTargets(1), aligner)
    >>> for example, window in zip(examples, aligner.label(examples)):
    ...     decoded = perfect.add(example, [window])
    >>> perfect.evaluation().tokenized.recall  # two subjects start at one token
    0.5
    """

    def __init__(self, target_builder: Any, aligner: TripleAligner) -> None:
        self._target_builder = target_builder
        self._aligner = aligner
        self._all_right: Counter[str] = Counter()
        self._others: list[tuple[Example, Extraction]] = []

    def __repr__(self) -> str:
        return f"PerfectScores({self._target_builder}, {self._aligner})"

    def add(
        self, example: Example, windows: Iterable[tuple[Encoding, np.ndarray]]
    ) -> list[set[Quintuple]]:
        """Add a text.

        Args:
            example: the text and its triples.
            windows: the tokens and the quintuples of each of its windows.

        Returns:
            What a model with perfect scores finds in each window.
        """
        predicates, text = self._aligner.schema.predicates, example.text
        found: list[set[Quintuple]] = []
        words: set[tuple[str, str, str]] = set()
        for encoding, quintuples in windows:
            decoded = self._target_builder.decoded(quintuples, len(encoding.token_ids))
            found.append(decoded)
            starts, ends = encoding.offsets[:, 0].data, encoding.offsets[:, 1].data
            words.update(
                (text[starts[a] : ends[b]], predicates[p], text[starts[c] : ends[d]])
                for a, b, p, c, d in decoded
            )
        if self._plainly_right(words, example):
            self._all_right.update(predicate for _, predicate, _ in words)
        else:
            triples = (Triple(Span(s), predicate, Span(o)) for s, predicate, o in words)
            self._others.append((example, Extraction(text, tuple(triples))))
        return found

    def _plainly_right(self, words: set[tuple[str, str, str]], example: Example) -> bool:
        """Return whether exactly the annotated triples are found, and all differ as tokens."""
        if words != {triple.words for triple in example.triples}:
            return False
        key = self._aligner.finder.rough_key
        return len(words) < 2 or len({(key(s), p, key(o)) for s, p, o in words}) == len(words)

    def evaluation(self) -> Evaluation:
        """Return the scores of all texts so far."""
        examples, extractions = zip(*self._others, strict=True) if self._others else ((), ())
        others = evaluate_triples(examples, extractions, self._aligner.tokenizer.tokenize)
        right = {name: ScoreCounts(n, n, n) for name, n in self._all_right.items()}
        all_right = sum(right.values(), ScoreCounts())
        nothing = ScoreCounts(), ScoreCounts()
        by_predicate: dict[str, tuple[ScoreCounts, ScoreCounts]] = {}
        for name in right.keys() | others.by_predicate.keys():
            here = right.get(name, ScoreCounts())
            tokenized, exact = others.by_predicate.get(name, nothing)
            by_predicate[name] = tokenized + here, exact + here
        order = sorted(by_predicate, key=lambda name: (-by_predicate[name][0].annotated, name))
        by_predicate = {name: by_predicate[name] for name in order}
        return Evaluation(others.tokenized + all_right, others.exact + all_right, by_predicate)
