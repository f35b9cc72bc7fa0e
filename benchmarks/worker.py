"""A worker process for one side of a comparison.

Each side needs its own process, because bert4keras, this package and torch can't share one. The
sides take turns, so that other programs slow down all of them alike.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

from benchmarks.timing import Seconds, seconds_of
from gplinker_tf.comparison import worker
from gplinker_tf.comparison.failures import FAILURES, reason_of

#: bert4keras runs on legacy Keras only; everything else runs on Keras 3.
LEGACY = ("bert4keras:",)

Work = Callable[[int], Any]

#: The tasks of a side by name, filled in its own process.
WORKS: dict[str, Work] = {}


class Worker(worker.Worker):
    """A process for one side, which runs its tasks on request.

    Args:
        side: `"module:function"` in `benchmarks.sides`.
        **arguments: arguments of the function.
    """

    def __init__(self, side: str, **arguments: Any) -> None:
        super().__init__(
            TF_USE_LEGACY_KERAS="1" if side.startswith(LEGACY) else "0",
            TF_CPP_MIN_LOG_LEVEL="3",
            HF_HUB_OFFLINE="1",
        )
        self.call(prepare, side, arguments)

    def seconds(self, work: str, turn: int = 0) -> Seconds:
        """Run a task, and return the time that it took."""
        return self.call(seconds, work, turn)

    def peak_mebibytes(self, work: str) -> float:
        """Run a task, and return by how much the peak resident memory rose above the start."""
        return self.call(peak_mebibytes, work)

    def value(self, work: str) -> Any:
        """Run a task, and return its result."""
        return self.call(value, work)


def figures_or_failure(measure: Callable[[worker.Worker], dict[str, Any]]) -> dict[str, Any]:
    """Measure with a new process; if it fails, return the reason under `failure`."""
    try:
        with worker.Worker(TF_FORCE_GPU_ALLOW_GROWTH="true", TF_CPP_MIN_LOG_LEVEL="3") as process:
            return measure(process)
    except FAILURES as failure:
        return {"failure": reason_of(failure)}


def prepare(side: str, arguments: dict[str, Any]) -> None:
    """Prepare the tasks of a side, in its process; all output of the libraries is discarded."""
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    module, function = side.split(":")
    WORKS.update(
        getattr(importlib.import_module(f"benchmarks.sides.{module}"), function)(**arguments)
    )


def seconds(work: str, turn: int) -> Seconds:
    return seconds_of(WORKS[work], turn)


def peak_mebibytes(work: str) -> float:
    from gplinker_tf.comparison.machine import forget_peak, resident_peak

    forget_peak()
    before = resident_peak()
    WORKS[work](0)
    return resident_peak() - before


def value(work: str) -> Any:
    return WORKS[work](0)
