"""Evaluation of a model on annotated texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gplinker_tf.data import AnnotatedData, as_examples
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.metrics import Evaluation, evaluate_triples, protocol_named


def evaluate(
    extractor: RelationExtractor | str | Path,
    data: AnnotatedData,
    threshold: float | None = None,
    progress: bool = False,
    protocols: Sequence[str] = (),
    consistent_types: bool = False,
    entities: bool = False,
) -> Evaluation:
    """Return precision, recall and F1 of a trained model on annotated texts.

    Args:
        extractor: the model, or a run folder.
        data: annotated texts: a file, a DataFrame or a list, as for `as_examples`.
        threshold: the value that each of a triple's scores must exceed; for CasRel, a shift of its
            thresholds. `None` uses the run's tuned thresholds, or 0 if it has not been tuned.
        progress: show a progress bar.
        protocols: names of additional match protocols from `gplinker_tf.metrics.PROTOCOLS`.
        consistent_types: remove triples that contradict the entity types of more certain ones; the
            result's `removed` counts them.
        entities: also find entities that are in no triple, for the protocols that count entities.

    Returns:
        The scores, overall, by predicate and by protocol; `table()` formats them for printing.

    Raises:
        InputError: the folder or the file can't be read, there is no such protocol, or the run
            does not know which entity types are compatible.

    Example:

    >>> evaluate("run", "lic2019/dev_data.json").tokenized.f1    # doctest: +SKIP
    0.7
    """
    chosen = [protocol_named(name) for name in protocols]
    if not isinstance(extractor, RelationExtractor):
        extractor = RelationExtractor.load(extractor)
    examples = as_examples(data, extractor.schema)
    texts = [example.text for example in examples]
    also = {"consistent_types": consistent_types, "entities": entities}
    extractions = extractor(texts, threshold, progress=progress, **also)
    return evaluate_triples(examples, extractions, extractor.tokenizer.tokenize, chosen)
