"""`gplinker import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.command import (
    AnnotatedFormatOption,
    DevShareOption,
    SplitSeedOption,
    text_command,
)
from gplinker_tf.errors import InputError


@text_command
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="Annotated texts in any format that `gplinker formats` lists, plain or .gz; for "
            "brat, a folder.",
            metavar="FILE",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option(help="The folder to write train, dev and schema to.")
    ] = None,
    input_format: AnnotatedFormatOption = None,
    columns: Annotated[
        str,
        typer.Option(
            help="Names of a table's columns, if not text, subject, predicate and object: "
            '"text=sentence,subject=from,object=to".'
        ),
    ] = "",
    dev_share: DevShareOption = 0.1,
    seed: SplitSeedOption = 42,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the files of an earlier import.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what was understood; write nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Write without asking; it asks only in a terminal.")
    ] = False,
) -> None:
    """Turn annotated texts of any format into a folder to train on.

    Before it writes, it shows what it understood: format, counts, predicates, sample triples and
    the items that cannot be read, which are left out. Offsets and types are kept.

    Example: gplinker import export.json --output data
    """
    from gplinker_tf.data import ImportedTexts

    if output is None and not dry_run:
        raise InputError(
            "Expected a folder to write to. Received: none. Pass --output or --dry-run."
        )
    texts = ImportedTexts.read(file, input_format and input_format.value, _names(columns))
    for line in texts.summary():
        typer.echo(line)
    if dry_run or output is None:
        return
    if not yes and sys.stdin.isatty() and not typer.confirm(f"Write to {output}?", default=True):
        raise typer.Exit(1)
    texts.write(output, dev_share, seed, overwrite, report=typer.echo)


def _names(columns: str) -> dict[str, str]:
    """Parse names of columns such as `text=sentence,subject=from`."""
    from gplinker_tf.data.formats.table_format import COLUMNS, OF_ENDS

    names = {}
    for pair in filter(None, columns.split(",")):
        column, equals, name = (part.strip() for part in pair.partition("="))
        if not equals or column not in (*COLUMNS, *OF_ENDS) or not name:
            raise InputError(
                f"Expected COLUMN=NAME with one of {', '.join((*COLUMNS, *OF_ENDS))}. "
                f"Received: {pair!r}."
            )
        names[column] = name
    return names
