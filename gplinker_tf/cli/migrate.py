"""`gplinker migrate`."""

from __future__ import annotations

import sys
import tokenize
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.cli.command import command
from gplinker_tf.errors import InputError


@command
def migrate(
    script: Annotated[Path, typer.Argument(help="A Python script that imports bert4keras.")],
    output: Annotated[
        Path | None, typer.Option(help="Where to write the new script; printed if not given.")
    ] = None,
) -> None:
    """Port a bert4keras script to this package: only its import lines change.

    Places that can't be changed automatically are listed by line on standard error, and the exit
    code is 1.

    Example: gplinker migrate old.py --output new.py
    """
    from gplinker_tf.bert4keras.migrate import migrate
    from gplinker_tf.runs import expect_target

    if output is not None:
        expect_target(output)
    source, encoding = _source(script)
    text, remarks = migrate(source, str(script))
    # In the encoding that its coding line names.
    if output is None:
        sys.stdout.buffer.write(text.encode(encoding))
    else:
        with whole_file(output) as unfinished:
            unfinished.write_bytes(text.encode(encoding))
        typer.echo(f"Written to {output}", err=True)
    for remark in remarks:
        typer.echo(f"{script}:{remark.line}: {remark.text}", err=True)
    if remarks:
        left = "1 place is" if len(remarks) == 1 else f"{len(remarks)} places are"
        typer.echo(f"{left} left to change by hand", err=True)
        raise typer.Exit(1)


def _source(script: Path) -> tuple[str, str]:
    """The script and its encoding."""
    try:
        with script.open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        with script.open(encoding=encoding, newline="") as file:
            return file.read(), encoding
    except OSError as error:
        raise InputError(f"{script}: cannot be read ({error.strerror}).") from None
    except (SyntaxError, UnicodeDecodeError) as error:
        raise InputError(f"{script}: is not text in its declared encoding ({error}).") from None
