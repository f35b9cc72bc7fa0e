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
from gplinker_tf.extras import require
from gplinker_tf.service import ServiceOptions

LOOPBACK = "127.0.0.1"

DEFAULT = ServiceOptions()


@text_command
def serve(
    runs: Annotated[
        list[str],
        typer.Argument(
            help="Run folders, each served under the folder's name, or as NAME=FOLDER.",
            metavar="RUN",
            show_default=False,
        ),
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 is reachable from other machines.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 chooses a free one.")] = 8000,
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
        int, typer.Option(help="Maximum size of a request in bytes.", min=1)
    ] = DEFAULT.max_body,
    max_texts: Annotated[
        int, typer.Option(help="Maximum number of texts per request.", min=1)
    ] = DEFAULT.max_texts,
    max_characters: Annotated[
        int, typer.Option(help="Maximum number of characters per text.", min=1)
    ] = DEFAULT.max_characters,
    max_queue: Annotated[
        int, typer.Option(help="Maximum number of unanswered texts per run.", min=1)
    ] = DEFAULT.max_queue,
    lowest_threshold: Annotated[
        float, typer.Option(help="Lowest threshold that a request may ask for.")
    ] = DEFAULT.lowest_threshold,
    batch_size: Annotated[
        int, typer.Option(help="Maximum number of texts per batch.", min=1)
    ] = DEFAULT.batch_size,
    gather_ms: Annotated[
        float,
        typer.Option(
            help="Milliseconds without a new text after which an incomplete batch starts.",
            min=0,
        ),
    ] = DEFAULT.gather_ms,
    precision: PrecisionOption = FLOAT32,
    jit: JitOption = False,
    runtime: RuntimeOption = KERAS_RUNTIME,
) -> None:
    """Serve runs over HTTP, with a page to try them.

    POST /extract returns the triples of one text or many; GET /openapi.json describes all
    endpoints. SIGHUP reloads the runs from their folders. SIGTERM and Ctrl-C stop the service
    after it has answered all accepted requests.

    Example: gplinker serve run --port 8080

    Example: gplinker serve films=run-1 people=run-2
    """
    for module in ("fastapi", "uvicorn", "prometheus_client"):
        require(module, "The service")
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
        typer.echo("gplinker: anyone who can reach this address can use it; see --token", err=True)
    serve_runs(served, host, port, options, token)


def named(runs: list[str]) -> dict[str, Path]:
    """Return the folder of each run by its name.

    Raises:
        InputError: two runs have the same name.

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
                f"Expected runs with different names. Received: {name!r} twice. Rename one: "
                f"NAME={path}."
            )
        folders[name] = path
    return folders
