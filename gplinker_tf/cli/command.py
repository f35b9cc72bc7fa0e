"""What the commands share: the application they belong to, and how they end."""

from __future__ import annotations

import errno
import functools
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

import gplinker_tf
from gplinker_tf._quiet import import_tensorflow
from gplinker_tf.calibration import THRESHOLDS, Calibration
from gplinker_tf.cli.choices import KERAS_RUNTIME, AnnotatedFormat, Precision, Runtime
from gplinker_tf.errors import InputError

INTERRUPTED = 130

RunArgument = Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")]
ReplaceRunOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace the run in a folder that is not empty.")
]
ResumeRunOption = Annotated[
    bool,
    typer.Option("--resume", help="Continue the run in the folder, or start one if there is none."),
]
CheckpointMinutesOption = Annotated[
    float,
    typer.Option(help="Minutes between checkpoints; one is also written at the end of each epoch."),
]
PrecisionOption = Annotated[
    Precision,
    typer.Option(
        help="Data type of layer computations; weights and loss stay float32. mixed_bfloat16 is "
        "faster on newer CPUs and GPUs, mixed_float16 is for older GPUs."
    ),
]
JitOption = Annotated[
    bool,
    typer.Option(
        "--jit",
        help="Compile the model with XLA; for GPUs. Each new batch shape takes time to compile.",
    ),
]
RuntimeOption = Annotated[
    Runtime,
    typer.Option(
        help="What runs the model: keras; or onnx (ONNX Runtime) or litert (LiteRT), which take "
        "RUN or an export of it that gplinker export wrote, and need no TensorFlow."
    ),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option(
        help="Value that each score of a triple must exceed; for CasRel, a shift. If not given, "
        "what gplinker tune chose, or 0.",
        show_default=False,
    ),
]
ConsistentTypesOption = Annotated[
    bool,
    typer.Option(
        "--consistent-types",
        help="Remove triples whose entity types contradict those of more certain triples: one "
        "that takes a country for a person, for example.",
    ),
]
EntitiesOption = Annotated[
    bool,
    typer.Option(
        "--entities",
        help="Also find entities that are in no triple. CasRel finds only subjects by themselves.",
    ),
]
FORMAT_HELP = "Format of the texts, regardless of their file name and first line."
AnnotatedFormatOption = Annotated[
    AnnotatedFormat | None, typer.Option("--format", help=FORMAT_HELP)
]
LimitOption = Annotated[int | None, typer.Option(help="Read only the first N lines.")]
DevShareOption = Annotated[float, typer.Option(help="Share of the texts that go to dev.")]
SplitSeedOption = Annotated[
    int, typer.Option(help="Random seed of the choice; the same seed gives the same result.")
]
DataOption = Annotated[
    Path,
    typer.Option(
        help="Folder with train_data.json, train.json, .jsonl, .csv or .tsv, dev likewise, and "
        "all_50_schemas, schema.json, .jsonl or .txt; each plain or .gz."
    ),
]
SchemaOption = Annotated[
    Path | None, typer.Option(help="The predicates to learn, in place of the folder's schema.")
]
SchemaFromDataOption = Annotated[
    bool, typer.Option("--schema-from-data", help="Learn the predicates that occur in the texts.")
]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function a command that finds TensorFlow imported, without its remarks."""

    @functools.wraps(function)
    def with_tensorflow(*args: Any, **kwargs: Any) -> Any:
        import_tensorflow()
        return function(*args, **kwargs)

    return text_command(with_tensorflow)


def also_called(name: str, run: Callable[..., Any]) -> None:
    """Gives a command the name that it had before too; the help does not list it."""
    app.command(name, hidden=True)(run)


def text_command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function a command, whose errors are words.

    Bad input exits with 2, Ctrl-C with 130, and what the system refuses, as a full disk, with 1.
    """

    @app.command(function.__name__.rstrip("_"))  # `import_`, as `import` is Python's own
    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _say
                return function(*args, **kwargs)
        except InputError as error:
            typer.echo(f"gplinker: {error}", err=True)
            raise typer.Exit(2) from None
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # typer ends without a word where nobody reads on
            typer.echo(f"gplinker: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo("gplinker: interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None

    return run


def import_for(runtime: Runtime) -> None:
    """Imports TensorFlow, without its remarks, if the runtime needs it."""
    if runtime == KERAS_RUNTIME:
        import_tensorflow()


def threshold_in_words(threshold: float | None, calibration: Calibration | None) -> str:
    """Which threshold a command uses, and why.

    Args:
        threshold: what was asked for.
        calibration: the run's.
    """
    if threshold is not None:
        return f"Using threshold {threshold:g}"
    if calibration is None:
        return "Using threshold 0; gplinker tune may find a better one"
    return f"Using {calibration.in_words}, from {THRESHOLDS}"


def _say(message: Warning | str, *place: Any, **source: Any) -> None:
    """Shows a warning, without the line of code that gave it."""
    typer.echo(f"gplinker: {message}", err=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gplinker_tf {gplinker_tf.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Relational triples from text: GPLinker on today's TensorFlow."""
