"""The service on an address, until it is told to stop."""

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

#: Seconds after which a stop no longer waits for clients that do not finish their requests.
LONGEST_STOP = 60


class Server(uvicorn.Server):
    """Stops on SIGTERM and Ctrl-C when all requests are answered; reloads its runs on SIGHUP.

    Args:
        app: the application.
        config: uvicorn's settings.
        runs: what is reloaded.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config, runs: Sequence[ServedRun]) -> None:
        super().__init__(config)
        self._app, self._runs = app, runs
        self._reloads: set[asyncio.Task[None]] = set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's, it does not raise the signal again: a clean stop is no failure."""
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
    """Take what is loaded out of garbage collection, which stops all requests to look at it.

    TensorFlow's modules alone cost 0.3 s each time.
    """
    gc.unfreeze()  # what a reload replaced is garbage now
    gc.collect()
    gc.freeze()


def serve(
    runs: Sequence[ServedRun],
    host: str = "127.0.0.1",
    port: int = 8000,
    options: ServiceOptions | None = None,
    token: str | None = None,
) -> None:
    """Serve runs until SIGTERM or Ctrl-C, then answer what was accepted and return.

    SIGHUP loads the runs again from their folders; until then the old ones answer.

    Args:
        runs: the runs; the first answers requests that name none.
        host: address to listen on.
        port: port to listen on; 0 takes a free one, which the log names.
        options: the limits.
        token: what clients must send as a bearer token; `None` asks for none.

    Raises:
        SystemExit: the address can't be listened on.

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
