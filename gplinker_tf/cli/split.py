"""`gplinker split`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.command import DevShareOption, SplitSeedOption, text_command


@text_command
def split(
    file: Annotated[
        Path,
        typer.Argument(
            help="Annotated texts: CSV, TSV or a JSON format, plain or .gz; for other formats, use "
            "gplinker import.",
            metavar="FILE",
        ),
    ],
    output: Annotated[Path, typer.Option(help="The folder to write train and dev to.")],
    dev_share: DevShareOption = 0.1,
    seed: SplitSeedOption = 42,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the files of an earlier split.")
    ] = False,
) -> None:
    """Split a file into train and dev files that share no text.

    Texts that differ only in case, character width or surrounding whitespace go to the same side.
    The lines are not changed. Each predicate keeps at least one training text if possible.

    Example: gplinker split annotated.csv --output data
    """
    from gplinker_tf.data import split_file

    split_file(file, output, dev_share, seed, overwrite, report=typer.echo)
