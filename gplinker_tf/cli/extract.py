"""`gplinker extract`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf._counted import counted
from gplinker_tf.cli.choices import FLOAT32, Format
from gplinker_tf.cli.command import FORMAT_HELP, JitOption, PrecisionOption, command
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Extraction


@command
def extract(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    file: Annotated[
        Path,
        typer.Argument(
            help="Texts, one per line, or JSON lines, a JSON array, CSV or TSV with texts, plain "
            "or .gz; - is standard input."
        ),
    ] = Path("-"),
    threshold: Annotated[
        float,
        typer.Option(help="Value that each score of a triple must exceed; for CasRel, a shift."),
    ] = 0.0,
    max_pairs: Annotated[
        int,
        typer.Option(help="Maximum number of subject-object pairs to score per text, best first."),
    ] = 10_000,
    input_format: Annotated[Format | None, typer.Option("--format", help=FORMAT_HELP)] = None,
    max_triples: Annotated[
        int, typer.Option(help="Maximum number of triples to write per text, best first.")
    ] = 300,
    precision: PrecisionOption = FLOAT32,
    jit: JitOption = False,
) -> None:
    """Extract the triples of texts, one line of JSON per text.

    Spans are half-open character offsets. A score is the sum of four terms, or three with
    --no-tail. If the input has an error, the texts before it are still written.

    Example: gplinker extract run sentences.txt > triples.jsonl
    """
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import TextInput, read_texts

    source = TextInput(file, input_format and input_format.value)
    extractor = RelationExtractor.load(run, precision.value, jit)
    typer.echo(source.description, err=True)
    limits = {"max_pairs": max_pairs, "max_triples": max_triples}
    _write(extractor.stream(read_texts(source), threshold, progress=True, **limits))


def _write(extractions: Iterable[Extraction]) -> None:
    from gplinker_tf.data import extraction_to_json

    written = 0
    try:
        for extraction in extractions:
            sys.stdout.write(extraction_to_json(extraction) + "\n")
            sys.stdout.flush()  # whoever reads a pipe waits for it, and Ctrl-C may come
            written += 1
    except InputError as error:
        raise InputError(f"{error}\nWritten before it: {counted(written, 'text')}.") from error
