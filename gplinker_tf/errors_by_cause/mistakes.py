"""Every missed and every wrongly found triple in exactly one row, with its cause."""

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
    """A missed triple, a wrongly found one, or both where one was meant to be the other.

    Args:
        number: the text's, from 1.
        text: the text.
        cause: why.
        gold: the missed triple, or `None`; its spans have offsets where its words stand in the
            text.
        found: the wrong triple, or `None`; likewise.
        near: where the wrong triple stands alone, the gold one that it comes near all the same:
            it was found as well, or is in another row.

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
    """Classifies what `evaluate_triples` counts against a model, by the tokenized match.

    In each text, missed and wrong triples that resemble each other are paired, one to one: the
    causes in their order, those with more alike first, then the better score. The missed ones that
    are left are looked at alone. The wrong ones that are left may be gold in another line, may
    resemble a gold triple that another one was paired with or that was found as well, and else are
    looked at alone.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenizer: a `BertTokenizer`, or what has its `encode` and `tokenize`.
        schema: the predicates with the types of their ends.
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
    """The counts if these mistakes had not been made.

    A missed triple is found; a wrong one becomes the missed one that it was meant to be. A wrong
    one alone is not found, or, where annotation may be missing, it is gold.

    Args:
        counts: those of the run.
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
