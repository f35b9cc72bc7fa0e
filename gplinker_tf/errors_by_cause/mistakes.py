"""The mistakes of a model: each missed and each wrong triple in one row, with its cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gplinker_tf._reprs import shortened
from gplinker_tf.alignment import TextWindows
from gplinker_tf.errors_by_cause._classifier import ErrorClassifier
from gplinker_tf.errors_by_cause.causes import Cause
from gplinker_tf.metrics import ScoreCounts
from gplinker_tf.structures import Example, Extraction, Schema, Triple


@dataclass(frozen=True)
class Mistake:
    """A missed triple, a wrongly found one, or a pair of both that resemble each other.

    Args:
        number: the number of the text, from 1.
        text: the text.
        cause: the cause.
        gold: the missed triple, or `None`; its spans have offsets if its words occur in the text.
        found: the wrong triple, or `None`; likewise.
        near: the gold triple that an unpaired wrong one resembles; it was found as well, or is in
            another row.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> gold = Triple(Span("Rain", 9, 13), "author", Span("Li", 0, 2))
    >>> Mistake(1, "Li wrote Rain", Cause.NOT_FOUND, gold)
    Mistake(text 1, 'not found', gold 'Rain | author | Li')
    """

    number: int
    text: str
    cause: Cause
    gold: Triple | None = None
    found: Triple | None = None
    near: Triple | None = None

    def __repr__(self) -> str:
        named = {"gold": self.gold, "found": self.found, "near": self.near}
        triples = "".join(
            f", {name} {shortened(' | '.join(triple.words))}"
            for name, triple in named.items()
            if triple
        )
        return f"Mistake(text {self.number}, {self.cause.title!r}{triples})"


def find_mistakes(
    examples: Sequence[Example],
    extractions: Sequence[Extraction],
    tokenizer: Any,
    schema: Schema,
    windows: TextWindows,
) -> list[Mistake]:
    """Classify the errors that `evaluate_triples` counts by tokenized match.

    In each text, missed and wrong triples that resemble each other are paired one to one, in the
    order of the causes, then those with more parts in common first, then those with better scores.
    The remaining missed triples are classified on their own. The remaining wrong triples may be
    gold in another line, or resemble a gold triple that is paired or was found as well; otherwise
    they are classified on their own.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenizer: a `BertTokenizer`, or an object with its `encode`, `encode_batch` and `tokenize`.
        schema: the predicates with their subject and object types.
        windows: how the model reads long texts: an extractor's `windows`.

    Returns:
        The mistakes, text by text.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> words = "[PAD] [UNK] [CLS] [SEP] Li wrote Rain".split()
    >>> rain, li = Span("Rain"), Span("Li")
    >>> [mistake] = find_mistakes(
    ...     [Example("Li wrote Rain", (Triple(rain, "author", li),))],
    ...     [Extraction("Li wrote Rain", (Triple(li, "author", rain),))],
    ...     BertTokenizer(words, lowercase=False),
    ...     Schema((("book", "author", "person"),)),
    ...     TextWindows(max_length=128),
    ... )
    >>> mistake.cause.title
    'subject and object swapped'
    """
    classifier = ErrorClassifier(examples, extractions, tokenizer, schema, windows)
    lines = enumerate(zip(examples, classifier.distinct, strict=True), start=1)
    return [
        mistake
        for number, (example, (gold, found)) in lines
        for mistake in _mistakes(number, example.text, gold, found, classifier)
    ]


def _mistakes(
    number: int,
    text: str,
    gold: dict[Any, Triple],
    found: dict[Any, Triple],
    classifier: ErrorClassifier,
) -> Iterator[Mistake]:
    missed = [gold[key] for key in gold if key not in found]
    wrong = [found[key] for key in found if key not in gold]
    pairs = classifier.pairs(text, missed, wrong)
    for (miss, find), cause in pairs.items():
        there = classifier.located(text, wrong[find])
        yield Mistake(number, text, cause, classifier.located(text, missed[miss], there), there)
    misses, finds = ({pair[side] for pair in pairs} for side in (0, 1))
    for miss, triple in enumerate(missed):
        if miss not in misses:
            cause = classifier.of_miss(text, triple, gold.values())
            yield Mistake(number, text, cause, gold=classifier.located(text, triple))
    for find, triple in enumerate(wrong):
        if find not in finds:
            cause, near = classifier.of_find(text, triple, gold.values())
            there = classifier.located(text, triple)
            yield Mistake(number, text, cause, found=there, near=near)


def counts_if_fixed(counts: ScoreCounts, mistakes: Iterable[Mistake]) -> ScoreCounts:
    """Return the counts as if these mistakes had not been made.

    A missed triple counts as found, and a wrong one as the missed one it is paired with. An
    unpaired wrong one counts as not found, or as gold if its annotation may be missing.

    Args:
        counts: the counts of the run.
        mistakes: some of its mistakes.

    Example:

    >>> pair = Mistake(1, "", Cause.PREDICATE, gold=Triple(*"apb"), found=Triple(*"aqb"))
    >>> counts_if_fixed(ScoreCounts(correct=1, found=2, annotated=2), [pair])
    ScoreCounts(correct=2, found=2, annotated=2)
    """
    for mistake in mistakes:
        if mistake.gold and mistake.found:
            counts += ScoreCounts(correct=1)
        elif mistake.gold:
            counts += ScoreCounts(correct=1, found=1)
        elif mistake.cause is Cause.UNANNOTATED:
            counts += ScoreCounts(correct=1, annotated=1)
        else:
            counts += ScoreCounts(found=-1)
    return counts
