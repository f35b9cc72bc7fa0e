"""`gplinker split`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.command import text_command


@text_command
def split(
    file: Annotated[
        Path,
        typer.Argument(
            help="Annotated texts: JSON lines, a JSON array, CSV or TSV, plain or .gz.",
            metavar="FILE",
        ),
    ],
    output: Annotated[Path, typer.Option(help="The folder to write train and dev to.")],
    dev_share: Annotated[float, typer.Option(help="Share of the texts that go to dev.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Decides which texts; one seed, one result.")] = 42,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the files of an earlier split.")
    ] = False,
) -> None:
    """A train and a dev file of one file, without a text in both.

    Equal texts go to the same side, whatever their case, width and white space around them. The
    lines stay as they are. Predicates keep a text to train on as far as that is possible.

    Example: gplinker split annotated.csv --output data
    """
    from gplinker_tf.data import split_file

    split_file(file, output, dev_share, seed, overwrite, report=typer.echo)
