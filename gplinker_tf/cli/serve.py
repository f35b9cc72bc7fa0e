"""`gplinker serve`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.choices import FLOAT32, KERAS_RUNTIME
from gplinker_tf.cli.command import (
    JitOption,
    PrecisionOption,
    RuntimeOption,
    import_for,
    text_command,
)
from gplinker_tf.errors import InputError
from gplinker_tf.extras import is_there, way_to
from gplinker_tf.service import ServiceOptions

LOOPBACK = "127.0.0.1"

DEFAULT = ServiceOptions()


@text_command
def serve(
    runs: Annotated[
        list[str],
        typer.Argument(
            help="Run folders, each under its own name or as NAME=FOLDER.",
            metavar="RUN",
            show_default=False,
        ),
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 is reachable from other machines.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="GPLINKER_TOKEN",
            help="Bearer token that clients must send. Other users of this machine can see a "
            "command line, but not the environment variable.",
            show_default=False,
        ),
    ] = None,
    max_body: Annotated[
        int, typer.Option(help="Maximum bytes of a request.", min=1)
    ] = DEFAULT.max_body,
    max_texts: Annotated[
        int, typer.Option(help="Maximum texts of a request.", min=1)
    ] = DEFAULT.max_texts,
    max_characters: Annotated[
        int, typer.Option(help="Maximum characters of a text.", min=1)
    ] = DEFAULT.max_characters,
    max_queue: Annotated[
        int, typer.Option(help="Maximum texts of a run that wait for their answer.", min=1)
    ] = DEFAULT.max_queue,
    lowest_threshold: Annotated[
        float, typer.Option(help="Lowest threshold that a request may ask for.")
    ] = DEFAULT.lowest_threshold,
    batch_size: Annotated[
        int, typer.Option(help="Texts the model reads at once.", min=1)
    ] = DEFAULT.batch_size,
    gather_ms: Annotated[
        float,
        typer.Option(
            help="Milliseconds without a new text after which a batch starts that is not full.",
            min=0,
        ),
    ] = DEFAULT.gather_ms,
    precision: PrecisionOption = FLOAT32,
    jit: JitOption = False,
    runtime: RuntimeOption = KERAS_RUNTIME,
) -> None:
    """Serve runs over HTTP, with a page to try them.

    POST /extract answers with the triples of one text or many; GET /openapi.json describes all
    addresses. SIGHUP reloads the runs from their folders. SIGTERM and Ctrl-C stop the service
    when it has answered what it accepted.

    Example: gplinker serve run --port 8080

    Example: gplinker serve films=run-1 people=run-2
    """
    for module in ("fastapi", "uvicorn", "prometheus_client"):
        if not is_there(module):
            raise InputError(
                f"Expected {module}, which the service needs. Received: it is not installed. Run "
                f"{way_to(module)}."
            )
    import_for(runtime)
    from gplinker_tf.service import ServedRun
    from gplinker_tf.service import serve as serve_runs

    limits = max_body, max_texts, max_characters, max_queue, lowest_threshold
    try:
        options = ServiceOptions(*limits, batch_size, gather_ms)
    except ValueError as error:
        raise InputError(str(error)) from None
    logging.basicConfig(level=logging.INFO, format="gplinker: %(message)s")
    served = [
        ServedRun.from_folder(name, folder, precision.value, jit, runtime.value)
        for name, folder in named(runs).items()
    ]
    if token is None and host not in (LOOPBACK, "localhost", "::1"):
        typer.echo("gplinker: anyone who reaches this address can use it: see --token", err=True)
    serve_runs(served, host, port, options, token)


def named(runs: list[str]) -> dict[str, Path]:
    """Each run's name and folder.

    Raises:
        InputError: two have the same name.

    Example:

    >>> named(["runs/first", "films=runs/second"])
    {'first': PosixPath('runs/first'), 'films': PosixPath('runs/second')}
    """
    folders: dict[str, Path] = {}
    for run in runs:
        name, equals, folder = run.partition("=")
        name, path = (name, Path(folder)) if equals else (Path(run).resolve().name, Path(run))
        if name in folders:
            raise InputError(
                f"Expected runs of different names. Received: {name!r} twice. Give one another "
                f"name: NAME={path}."
            )
        folders[name] = path
    return folders
