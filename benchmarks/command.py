"""Options that several benchmark commands share, and the text of their --help."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from gplinker_tf.extraction import RUNTIMES

FOLDER = Path(__file__).parent

RunArgument = Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")]
TextsOption = Annotated[
    Path,
    typer.Option("--data", help="Annotated texts, held out from training.", metavar="FILE"),
]
DataOption = Annotated[
    Path, typer.Option(help="Folder of training and dev files, laid out as in LIC2019.")
]
EncoderOption = Annotated[Path, typer.Option(help="Folder of a BERT encoder.")]
TurnsOption = Annotated[
    int, typer.Option(min=1, help="How many times each side is measured; the sides take turns.")
]
Runtime = Enum("Runtime", {name: name for name in RUNTIMES}, type=str)
RuntimeOption = Annotated[Runtime, typer.Option(help="Runtime that runs the model.")]


def run_command(*functions: Callable[..., Any]) -> None:
    """Run a file as a command with the file's docstring as its help.

    Args:
        *functions: the command's function; if there are several, each is a subcommand.
    """
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    text = as_help(sys.modules[functions[0].__module__].__doc__ or "")
    if len(functions) == 1:
        app.command(help=text)(functions[0])
    else:
        app.callback(help=text, no_args_is_help=True)(lambda: None)
        for function in functions:
            app.command()(function)
    app()


def as_help(text: str) -> str:
    """Return the text with click's mark before indented blocks, which keeps their lines apart."""
    return re.sub(r"\n\n(?= )", "\n\n\b\n", text)


def commands() -> str:
    """List the commands of this folder, each with the first line of its docstring."""
    texts = {}
    for path in sorted(FOLDER.rglob("*.py")):
        text = path.read_text("utf-8")
        if re.search(r"^    run_command\(", text, re.M):
            parts = path.relative_to(FOLDER.parent).with_suffix("").parts
            name = ".".join(part for part in parts if part != "__main__")
            texts[f"python -m {name}"] = ast.parse(text)
    return listed(texts, ast.get_docstring)


def listed(things: Mapping[str, Any], text_of: Callable[[Any], str] = inspect.getdoc) -> str:
    """Return an indented block of names, each with the first line of its text."""
    width = max(map(len, things))
    first_lines = {name: text_of(thing).partition("\n")[0] for name, thing in things.items()}
    return "".join(f"    {name:{width}}  {line}\n" for name, line in first_lines.items())
