"""What the benchmarks' command lines share: options that several have, and their help."""

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
    typer.Option("--data", help="Annotated texts that no run was trained on.", metavar="FILE"),
]
DataOption = Annotated[
    Path, typer.Option(help="Folder of training texts and texts to evaluate on, as LIC2019's.")
]
EncoderOption = Annotated[Path, typer.Option(help="Encoder folder, of a BERT.")]
TurnsOption = Annotated[
    int, typer.Option(min=1, help="How often each side is measured; the sides take turns.")
]
Runtime = Enum("Runtime", {name: name for name in RUNTIMES}, type=str)
RuntimeOption = Annotated[Runtime, typer.Option(help="What runs the model.")]


def run_command(*functions: Callable[..., Any]) -> None:
    """Run a file as a command, whose help is the file's docstring.

    Args:
        *functions: what the command does; of several each is a subcommand.
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
    """The text with click's mark before indented blocks: their lines are not joined."""
    return re.sub(r"\n\n(?= )", "\n\n\b\n", text)


def commands() -> str:
    """All commands of this folder, each with the first line of its docstring."""
    texts = {}
    for path in sorted(FOLDER.rglob("*.py")):
        text = path.read_text("utf-8")
        if re.search(r"^    run_command\(", text, re.M):
            parts = path.relative_to(FOLDER.parent).with_suffix("").parts
            name = ".".join(part for part in parts if part != "__main__")
            texts[f"python -m {name}"] = ast.parse(text)
    return listed(texts, ast.get_docstring)


def listed(things: Mapping[str, Any], text_of: Callable[[Any], str] = inspect.getdoc) -> str:
    """An indented block: names, and the first lines of what is said of them."""
    width = max(map(len, things))
    first_lines = {name: text_of(thing).partition("\n")[0] for name, thing in things.items()}
    return "".join(f"    {name:{width}}  {line}\n" for name, line in first_lines.items())
