"""`gplinker report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.cli.command import RunArgument, command
from gplinker_tf.errors import InputError


@command
def report(
    run: RunArgument,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Annotated texts to extract from and report on: JSON lines, a JSON array, CSV or "
            "TSV, plain or .gz.  [the predictions of training, RUN/dev_pred.json]"
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder for report.md and report.html.  [RUN]")
    ] = None,
    examples: Annotated[
        int,
        typer.Option(
            help="Number of errors to show per cause, and of texts to review first.", min=0
        ),
    ] = 20,
) -> None:
    """Report what a run got wrong: the texts to review first, then errors by cause.

    The files are report.md and report.html.

    Example: gplinker report run
    """
    from gplinker_tf.report import markdown_report, markdown_summary, page, report_run

    output = output or run
    if output.exists() and not output.is_dir():
        raise InputError(f"Expected a folder to write to. Received: {output}, which is a file.")
    result = report_run(run, data, examples, progress=True)
    output.mkdir(parents=True, exist_ok=True)
    files = {"report.md": markdown_report(result), "report.html": page(result)}
    for name, content in files.items():
        with whole_file(output / name) as unfinished:
            unfinished.write_text(content, encoding="utf-8")
    typer.echo(markdown_summary(result))
    typer.echo(f"Written: {', '.join(str(output / name) for name in files)}")
