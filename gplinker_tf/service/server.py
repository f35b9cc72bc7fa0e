"""The HTTP server of the service, which runs until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from gplinker_tf.service.app import create_app
from gplinker_tf.service.options import ServiceOptions
from gplinker_tf.service.served_run import ServedRun

#: Seconds to wait, when stopping, for clients that do not finish their requests.
LONGEST_STOP = 60


class Server(uvicorn.Server):
    """A server that answers all requests before it stops, and reloads its runs on SIGHUP.

    Args:
        app: the application.
        config: uvicorn's settings.
        runs: the runs to reload.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config, runs: Sequence[ServedRun]) -> None:
        super().__init__(config)
        self._app, self._runs = app, runs
        self._reloads: set[asyncio.Task[None]] = set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals without raising them again as uvicorn does: a clean stop is no failure."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second Ctrl-C does not wait for requests."""
        self._app.state.ready = False
        super().handle_exit(sig, frame)

    def _reload(self) -> None:
        task = asyncio.create_task(self._reload_all())
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)

    async def _reload_all(self) -> None:
        for run in self._runs:
            await run.reload()
        freeze_loaded()


def freeze_loaded() -> None:
    """Exclude loaded objects from garbage collection, which pauses all requests to scan them.

    TensorFlow's modules alone cost 0.3 s each time.
    """
    gc.unfreeze()  # what a reload has replaced is now garbage
    gc.collect()
    gc.freeze()


def serve(
    runs: Sequence[ServedRun],
    host: str = "127.0.0.1",
    port: int = 8000,
    options: ServiceOptions | None = None,
    token: str | None = None,
) -> None:
    """Serve runs until SIGTERM or Ctrl-C, then answer all accepted requests and return.

    SIGHUP reloads the runs from their folders; until that is done, the old ones are used.

    Args:
        runs: the runs; the first is the default.
        host: the address to listen on.
        port: the port to listen on; 0 chooses a free one, which is logged.
        options: the limits.
        token: the bearer token that clients must send; `None` if none is needed.

    Raises:
        SystemExit: the server can't listen on the address.

    Example, with a run folder that `gplinker train` wrote:

        serve([ServedRun.from_folder("films", Path("run"))], port=8080)
    """
    app = create_app(runs, options, token)
    config = uvicorn.Config(
        app,
        host,
        port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=LONGEST_STOP,
    )
    freeze_loaded()
    Server(app, config, runs).run()
