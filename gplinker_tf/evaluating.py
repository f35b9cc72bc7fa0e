"""How well a model extracts from annotated texts."""

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
    """Precision, recall and F1 of a trained model on annotated texts.

    Args:
        extractor: the model, or a run folder.
        data: annotated texts: a file, a DataFrame or a list, as `as_examples` takes them.
        threshold: what each of a triple's scores must exceed; for CasRel a shift. `None` takes
            the tuned thresholds of the run, or 0 where it has not been tuned.
        progress: show a progress bar.
        protocols: names of further match protocols, of `gplinker_tf.metrics.PROTOCOLS`.
        consistent_types: remove triples that contradict the entity types of more certain ones; the
            result's `removed` counts them.
        entities: find entities that are in no triple as well, which protocols of entities count.

    Returns:
        The scores in all, by predicate and by protocol; print them with `table()`.

    Raises:
        InputError: the folder or the file can't be read, there is no such protocol, or the run
            does not know which types go together.

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
