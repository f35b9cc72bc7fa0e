"""`gplinker formats`."""

from __future__ import annotations

import typer

from gplinker_tf.cli.command import text_command


@text_command
def formats() -> None:
    """List the formats of annotated texts that can be read, and what each looks like.

    The format of a file is detected from its content; if that fails, name it with --format.

    Example: gplinker formats
    """
    from gplinker_tf.data import FORMATS

    for kind in FORMATS.values():
        what = ("offsets", "types", "entities")
        carries = [each for each in what if getattr(kind, f"has_{each}")]
        suffixes = f" ({', '.join(kind.suffixes)})" if kind.suffixes else ""
        with_ = f"; with {', '.join(carries)}" if carries else ""
        typer.echo(f"{kind.name}: {kind.title}{suffixes}{with_}")
        typer.echo(f"    {kind.looks_like}")
