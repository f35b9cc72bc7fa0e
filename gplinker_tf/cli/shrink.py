"""`gplinker shrink`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf._counted import counted
from gplinker_tf.cli.choices import Format
from gplinker_tf.cli.command import FORMAT_HELP, ReplaceRunOption, command
from gplinker_tf.cli.extraction_input import ExtractionInput


@command
def shrink(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    output: Annotated[Path, typer.Option(help="The run folder to write.")],
    vocabulary: Annotated[
        list[Path] | None,
        typer.Option(
            help="Texts, one per line, or in any format that extract reads: only the tokens that "
            "occur in them are kept. Repeat the option for several files.",
            show_default=False,
        ),
    ] = None,
    layers: Annotated[
        int | None,
        typer.Option(
            help="Number of encoder layers to keep, evenly spaced. The model then finds much "
            "less; to train such a model, use gplinker distill.",
            min=1,
            show_default=False,
        ),
    ] = None,
    input_format: Annotated[Format | None, typer.Option("--input-format", help=FORMAT_HELP)] = None,
    overwrite: ReplaceRunOption = False,
) -> None:
    """Make a trained model smaller without training: with a smaller vocabulary or fewer layers.

    In the texts that the vocabulary is taken from, the model finds exactly what it found before.
    In others, characters that do not occur in these become [UNK], so use all texts that you have.

    Example: gplinker shrink run --vocabulary texts.txt --output smaller
    """
    from gplinker_tf.compression import shrink as shrink_run
    from gplinker_tf.extraction import WEIGHTS

    texts = None
    if vocabulary:
        texts = ExtractionInput(vocabulary, input_format and input_format.value).read()
    smaller = shrink_run(run, output, layers, texts, overwrite)
    before, after = ((folder / WEIGHTS).stat().st_size / 1e6 for folder in (run, output))
    tokens = counted(smaller.tokenizer.vocab_size, "token")
    typer.echo(f"{output}: {tokens}, {after:,.1f} MB instead of {before:,.1f}", err=True)
