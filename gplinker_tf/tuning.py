"""Tuning of a model's thresholds and probabilities on texts that it was not trained on."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from gplinker_tf._counted import counted
from gplinker_tf.calibration import FoundTriples, Tuning, found_triples, tune_thresholds
from gplinker_tf.calibration.tuning import check_aim
from gplinker_tf.data import AnnotatedData, as_examples
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.structures import Example, Extraction

#: Thresholds for finding triples, lowest first; if a text has too many, the next one is tried.
FLOORS = (-5.0, -3.0, -1.0, 0.0)


def tune(
    extractor: RelationExtractor | str | Path,
    data: AnnotatedData,
    min_precision: float | None = None,
    per_predicate: bool | None = None,
    progress: bool = False,
) -> Tuning:
    """Choose the thresholds of a trained model on annotated texts, and fit its probabilities.

    The model reads the texts at a low threshold, from which the results at higher ones follow.

    Args:
        extractor: the model, or a run folder; it is not changed.
        data: annotated texts that the model was not trained on: a file, a DataFrame or a list, as
            for `as_examples`. Several hundred are enough.
        min_precision: choose the lowest threshold whose precision is at least this, with 95 %
            confidence, instead of the one with the best F1.
        per_predicate: whether each predicate has its own threshold; if `None`, this is decided by
            cross-validation.
        progress: show a progress bar.

    Returns:
        The tuning; `save` writes it to the run folder, and `extractor.calibration =
        tuning.calibration` applies it at once.

    Raises:
        InputError: the folder or the file can't be read, there are too few texts, the model marks
            nearly everything, or both `min_precision` and `per_predicate` are given.

    Example:

    >>> tune("run", "tuning.json").save("run")    # doctest: +SKIP
    """
    check_aim(min_precision, per_predicate)
    if not isinstance(extractor, RelationExtractor):
        extractor = RelationExtractor.load(extractor)
    examples = as_examples(data, extractor.schema)
    floor, found = _found(extractor, examples, progress)
    predicates = extractor.schema.predicates
    return tune_thresholds(found, predicates, floor, min_precision, per_predicate)


def _found(
    extractor: RelationExtractor, examples: Sequence[Example], progress: bool
) -> tuple[float, FoundTriples]:
    """Return the lowest threshold at which no triples are left out, and the triples found there."""
    tokenize, nested_from = extractor.tokenizer.tokenize, extractor.model.nested_from
    texts = [example.text for example in examples]
    for floor in sorted({max(floor, nested_from) for floor in FLOORS}):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about too many triples, which is handled below
            extractions = _whole(extractor.stream(texts, floor, progress=progress))
            try:
                return floor, found_triples(examples, extractions, tokenize, extractor.schema)
            except _TooManyError as error:
                too_many = error
    raise InputError(
        "Expected a model that finds few triples in a text. Received: one that finds "
        f"{counted(too_many.triples, 'triple')} or more in one text at threshold 0. It marks "
        "nearly everything and has most likely not learned yet: train it longer."
    )


class _TooManyError(Exception):
    def __init__(self, triples: int) -> None:
        self.triples = triples


def _whole(extractions: Iterator[Extraction]) -> Iterator[Extraction]:
    """Yield the extractions; raise `_TooManyError` if one is incomplete."""
    for extraction in extractions:
        if extraction.left_out or extraction.capped:
            raise _TooManyError(len(extraction.triples) + extraction.left_out)
        yield extraction
