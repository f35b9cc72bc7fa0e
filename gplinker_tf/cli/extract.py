"""`gplinker extract`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.command import JitOption, Precision, PrecisionOption, command


@command
def extract(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    file: Annotated[
        str, typer.Argument(help="Lines of text, or of JSON with a text; - is standard input.")
    ] = "-",
    threshold: Annotated[
        float,
        typer.Option(help="What each of a triple's scores must exceed; for CasRel a shift."),
    ] = 0.0,
    max_pairs: Annotated[
        int, typer.Option(help="Subject-object pairs of a text that are scored, best first.")
    ] = 10_000,
    max_triples: Annotated[
        int, typer.Option(help="Triples of a text that are written, best first.")
    ] = 300,
    precision: PrecisionOption = Precision.float32,
    jit: JitOption = False,
) -> None:
    """Triples of texts, one line of JSON for each line of input.

    Spans are character offsets, half-open. A score is the sum of four terms, with
    --no-tail of three.

    Example: gplinker extract run sentences.txt > triples.jsonl
    """
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import extraction_to_json, read_texts

    lines = _lines(file)
    texts = read_texts(lines, "stdin" if file == "-" else file)
    extractor = RelationExtractor.load(run, precision.value, jit)
    limits = {"max_pairs": max_pairs, "max_triples": max_triples}
    for extraction in extractor.stream(texts, threshold, progress=True, **limits):
        sys.stdout.write(extraction_to_json(extraction) + "\n")


def _lines(file: str) -> Iterator[str]:
    if file == "-":
        return iter(sys.stdin)
    from gplinker_tf.data import open_text

    return open_text(file)
