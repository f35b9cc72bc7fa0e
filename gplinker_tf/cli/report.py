"""`gplinker report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.cli.command import command
from gplinker_tf.errors import InputError


@command
def report(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    data: Annotated[
        Path | None,
        typer.Option(
            help="Annotated texts, as JSON lines, a JSON array, CSV or TSV, plain or .gz, from "
            "which to extract first.  [RUN/dev_pred.json, what training found]"
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder for report.md and report.html.  [RUN]")
    ] = None,
    examples: Annotated[
        int,
        typer.Option(
            help="Number of errors to show per cause, and of texts worth a look first.", min=0
        ),
    ] = 20,
) -> None:
    """Report what a run got wrong: the texts worth a look first, then errors by cause.

    The files are report.md and report.html.

    Example: gplinker report run
    """
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import read_examples
    from gplinker_tf.errors_by_cause import find_mistakes
    from gplinker_tf.metrics import evaluate_triples
    from gplinker_tf.report import RunReport, markdown_report, markdown_summary, page
    from gplinker_tf.runs import read_history, read_predictions

    output = output or run
    if output.exists() and not output.is_dir():
        raise InputError(f"Expected a folder to write to. Received: {output}, which is a file.")
    extractor = RelationExtractor.load(run)
    history = read_history(run / "history.jsonl")
    if data is None:
        annotated, extractions = read_predictions(run / "dev_pred.json")
    else:
        annotated = read_examples(data, extractor.schema)
        extractions = extractor([example.text for example in annotated], progress=True)
    tokenizer = extractor.tokenizer
    mistakes = find_mistakes(annotated, extractions, tokenizer, extractor.schema, extractor.windows)
    result = RunReport(
        name=run.resolve().name,
        texts=len(annotated),
        evaluation=evaluate_triples(annotated, extractions, tokenizer.tokenize),
        mistakes=tuple(mistakes),
        history=history,
        examples=examples,
    )
    output.mkdir(parents=True, exist_ok=True)
    files = {"report.md": markdown_report(result), "report.html": page(result)}
    for name, content in files.items():
        with whole_file(output / name) as unfinished:
            unfinished.write_text(content, encoding="utf-8")
    typer.echo(markdown_summary(result))
    typer.echo(f"Written: {', '.join(str(output / name) for name in files)}")
