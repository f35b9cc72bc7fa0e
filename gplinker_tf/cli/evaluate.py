"""`gplinker evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.choices import FLOAT32, AnnotatedFormat
from gplinker_tf.cli.command import FORMAT_HELP, JitOption, PrecisionOption, command


@command
def evaluate(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    data: Annotated[
        Path,
        typer.Option(
            help="Annotated texts: JSON lines, a JSON array, CSV or TSV, plain or .gz; - is "
            "standard input."
        ),
    ],
    threshold: Annotated[
        float,
        typer.Option(help="What each of a triple's scores must exceed; for CasRel a shift."),
    ] = 0.0,
    limit: Annotated[int | None, typer.Option(help="The first N lines only.")] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(help="Where to write what was found, new and lacking.  [RUN/dev_pred.json]"),
    ] = None,
    input_format: Annotated[
        AnnotatedFormat | None, typer.Option("--format", help=FORMAT_HELP)
    ] = None,
    precision: PrecisionOption = FLOAT32,
    jit: JitOption = False,
) -> None:
    """Precision, recall and F1 of a trained model, for each predicate and in all.

    Tokenized: words match when the tokenizer makes the same tokens of them, as the blog counts.
    Exact: they match as they are written.

    Example: gplinker evaluate run --data lic2019/dev_data.json
    """
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import TextInput, read_examples
    from gplinker_tf.metrics import evaluate_triples
    from gplinker_tf.runs import expect_target, write_predictions

    source = TextInput(data, input_format and input_format.value)
    extractor = RelationExtractor.load(run, precision.value, jit)
    predictions = predictions or run / "dev_pred.json"
    expect_target(predictions)
    typer.echo(source.description, err=True)
    examples = read_examples(source, extractor.schema, limit)
    extractions = extractor([example.text for example in examples], threshold, progress=True)
    tokenize = extractor.tokenizer.tokenize
    typer.echo(evaluate_triples(examples, extractions, tokenize).table())
    write_predictions(predictions, examples, extractions, tokenize)
    typer.echo(f"Predictions: {predictions}")
