"""Thresholds and probabilities of a model, from annotated texts that it was not trained on."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from gplinker_tf._counted import counted
from gplinker_tf.calibration import FoundTriples, Tuning, found_triples, tune_thresholds
from gplinker_tf.data import AnnotatedData, as_examples
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.structures import Example, Extraction

#: Thresholds to find triples at, the lowest first; the next is tried where a text has too many.
FLOORS = (-5.0, -3.0, -1.0, 0.0)


def tune(
    extractor: RelationExtractor | str | Path,
    data: AnnotatedData,
    min_precision: float | None = None,
    per_predicate: bool | None = None,
    progress: bool = False,
) -> Tuning:
    """Chooses the thresholds of a trained model on annotated texts, and fits its probabilities.

    The texts are read once, at a low threshold: what is found at any higher one follows from that.

    Args:
        extractor: the model, or a run folder; it is not changed.
        data: annotated texts that the model was not trained on: a file, a DataFrame or a list, as
            `as_examples` takes them. Several hundred are enough.
        min_precision: take the lowest threshold whose precision is at least this, with 95 %
            confidence, in place of the best F1.
        per_predicate: whether predicates have thresholds of their own; `None` takes them where
            they gain on texts that they were not chosen on.
        progress: show a progress bar.

    Returns:
        The tuning; `save` puts it into the run folder, and `extractor.calibration =
        tuning.calibration` uses it at once.

    Raises:
        InputError: the folder or the file can't be read, there are too few texts, or the model
            marks nearly everything.

    Example:

    >>> tune("run", "tuning.json").save("run")    # doctest: +SKIP
    """
    if not isinstance(extractor, RelationExtractor):
        extractor = RelationExtractor.load(extractor)
    examples = as_examples(data, extractor.schema)
    floor, found = _found(extractor, examples, progress)
    predicates = extractor.schema.predicates
    return tune_thresholds(found, predicates, floor, min_precision, per_predicate)


def _found(
    extractor: RelationExtractor, examples: Sequence[Example], progress: bool
) -> tuple[float, FoundTriples]:
    """The triples at the lowest threshold at which no text has more than are looked at."""
    tokenize, nested_from = extractor.tokenizer.tokenize, extractor.model.nested_from
    texts = [example.text for example in examples]
    for floor in sorted({max(floor, nested_from) for floor in FLOORS}):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of too many triples, which the next line expects
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
    """The extractions, as long as nothing was left out of one."""
    for extraction in extractions:
        if extraction.left_out or extraction.capped:
            raise _TooManyError(len(extraction.triples) + extraction.left_out)
        yield extraction
