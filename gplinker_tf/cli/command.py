"""The parts that commands share: the application, common options and exit codes."""

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
        help="Runtime of the model: keras, onnx (ONNX Runtime) or litert (LiteRT). The last two "
        "need no TensorFlow; RUN is then a run with an export, or what gplinker export wrote."
    ),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option(
        help="Value that each score of a triple must exceed; for CasRel, a shift. If not given, "
        "the choice of gplinker tune, or 0.",
        show_default=False,
    ),
]
ConsistentTypesOption = Annotated[
    bool,
    typer.Option(
        "--consistent-types",
        help="Remove triples whose entity types contradict those of more certain triples, for "
        "example a triple that treats a country as a person.",
    ),
]
EntitiesOption = Annotated[
    bool,
    typer.Option(
        "--entities",
        help="Also find entities that are not part of a triple; with CasRel, only subjects.",
    ),
]
FORMAT_HELP = "Format of the texts, regardless of their file name and first line."
AnnotatedFormatOption = Annotated[
    AnnotatedFormat | None, typer.Option("--format", help=FORMAT_HELP)
]
LimitOption = Annotated[int | None, typer.Option(help="Read only the first N lines.")]
DevShareOption = Annotated[float, typer.Option(help="Fraction of texts in the dev set.")]
SplitSeedOption = Annotated[
    int, typer.Option(help="Random seed of the split; the same seed gives the same split.")
]
DataOption = Annotated[
    Path,
    typer.Option(
        help="Folder with a train file (train_data.json or train.json, .jsonl, .csv or .tsv), a "
        "dev file likewise, and all_50_schemas or schema.json, .jsonl or .txt; each may be .gz."
    ),
]
SchemaOption = Annotated[
    Path | None, typer.Option(help="File of predicates to learn, instead of the folder's schema.")
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
    """Register a function as a command that needs TensorFlow, imported without its messages."""

    @functools.wraps(function)
    def with_tensorflow(*args: Any, **kwargs: Any) -> Any:
        import_tensorflow()
        return function(*args, **kwargs)

    return text_command(with_tensorflow)


def also_called(name: str, run: Callable[..., Any]) -> None:
    """Register a former name of a command, which the help does not list."""
    app.command(name, hidden=True)(run)


def text_command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Register a function as a command that reports errors without a traceback.

    Bad input exits with 2, Ctrl-C with 130, and system errors such as a full disk with 1.
    """

    @app.command(function.__name__.rstrip("_"))  # `import_`, since `import` is a keyword
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
                raise  # typer exits silently if the reader is gone
            typer.echo(f"gplinker: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo("gplinker: interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None

    return run


def import_for(runtime: Runtime) -> None:
    """Import TensorFlow, without its messages, if the runtime needs it."""
    if runtime == KERAS_RUNTIME:
        import_tensorflow()


def threshold_in_words(threshold: float | None, calibration: Calibration | None) -> str:
    """Return a sentence on which threshold a command uses, and why.

    Args:
        threshold: the requested threshold, if any.
        calibration: the run's calibration, if any.
    """
    if threshold is not None:
        return f"Using threshold {threshold:g}"
    if calibration is None:
        return "Using threshold 0; gplinker tune may find a better one"
    return f"Using {calibration.in_words}, from {THRESHOLDS}"


def _say(message: Warning | str, *place: Any, **source: Any) -> None:
    """Print a warning, without the line of code that raised it."""
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
    """Extract relational triples from text with GPLinker on current TensorFlow."""
