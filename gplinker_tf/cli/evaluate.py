"""`gplinker evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.choices import FLOAT32, KERAS_RUNTIME
from gplinker_tf.cli.command import (
    AnnotatedFormatOption,
    ConsistentTypesOption,
    EntitiesOption,
    JitOption,
    LimitOption,
    PrecisionOption,
    RunArgument,
    RuntimeOption,
    ThresholdOption,
    import_for,
    text_command,
    threshold_in_words,
)
from gplinker_tf.metrics import PROTOCOLS, evaluate_triples, protocol_named


@text_command
def evaluate(
    run: RunArgument,
    data: Annotated[
        Path,
        typer.Option(
            help="Annotated texts: JSON lines, a JSON array, CSV or TSV, plain or .gz; - is "
            "standard input."
        ),
    ],
    threshold: ThresholdOption = None,
    consistent_types: ConsistentTypesOption = False,
    entities: EntitiesOption = False,
    protocol: Annotated[
        str | None,
        typer.Option(
            help="Additional match protocols to score by, separated by commas: "
            f"{', '.join(PROTOCOLS)}.",
            metavar="NAME[,NAME]",
            show_default=False,
        ),
    ] = None,
    limit: LimitOption = None,
    predictions: Annotated[
        Path | None,
        typer.Option(
            help="File to write predictions, false positives and misses to; RUN/dev_pred.json if "
            "not given."
        ),
    ] = None,
    input_format: AnnotatedFormatOption = None,
    precision: PrecisionOption = FLOAT32,
    jit: JitOption = False,
    runtime: RuntimeOption = KERAS_RUNTIME,
) -> None:
    """Show precision, recall and F1 of a trained model, per predicate and in total.

    Tokenized: words match if they have the same tokens, as in the blog. Exact: words match if they
    are written the same. --protocol adds the protocols of papers and official scorers.

    Example: gplinker evaluate run --data lic2019/dev_data.json --protocol duie
    """
    import_for(runtime)
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import TextInput, read_examples
    from gplinker_tf.runs import expect_target, write_predictions

    protocols = [protocol_named(name.strip()) for name in protocol.split(",")] if protocol else []
    source = TextInput(data, input_format and input_format.value)
    extractor = RelationExtractor.load(run, precision.value, jit, runtime.value)
    predictions = predictions or run / "dev_pred.json"
    expect_target(predictions)
    typer.echo(source.description, err=True)
    typer.echo(threshold_in_words(threshold, extractor.calibration), err=True)
    examples = read_examples(source, extractor.schema, limit)
    texts = [example.text for example in examples]
    also = {"consistent_types": consistent_types, "entities": entities}
    extractions = extractor(texts, threshold, progress=True, **also)
    tokenize = extractor.tokenizer.tokenize
    evaluation = evaluate_triples(examples, extractions, tokenize, protocols)
    typer.echo(evaluation.table())
    if consistent_types:
        typer.echo(evaluation.removed.in_words())
    alone = sum(len(example.unlinked) for example in examples)
    if alone and not entities and any(protocol.of_entities for protocol in protocols):
        typer.echo(
            f"Annotated entities in no triple: {alone:,}. With --entities the model looks for such "
            "entities too",
            err=True,
        )
    if not protocols:
        typer.echo("For other match protocols use --protocol; --help lists them", err=True)
    write_predictions(predictions, examples, extractions, tokenize)
    typer.echo(f"Predictions: {predictions}")
