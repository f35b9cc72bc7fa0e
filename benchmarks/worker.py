"""A side of a comparison in a process of its own, which takes turns with the others.

Each side has its own process, since bert4keras, this package and torch can't share one; taking
turns lets what else the machine does meet all alike.
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

#: What a side's process can do, by name: filled there.
WORKS: dict[str, Work] = {}


class Worker(worker.Worker):
    """Starts a side; asks it for pieces of work.

    Args:
        side: `"module:function"` under `benchmarks.sides`.
        **arguments: what the function takes; plain values.
    """

    def __init__(self, side: str, **arguments: Any) -> None:
        super().__init__(
            TF_USE_LEGACY_KERAS="1" if side.startswith(LEGACY) else "0",
            TF_CPP_MIN_LOG_LEVEL="3",
            HF_HUB_OFFLINE="1",
        )
        self.call(prepare, side, arguments)

    def seconds(self, work: str, turn: int = 0) -> Seconds:
        """What a piece of work took."""
        return self.call(seconds, work, turn)

    def peak_mebibytes(self, work: str) -> float:
        """How far the process's resident memory rose above what it was before."""
        return self.call(peak_mebibytes, work)

    def value(self, work: str) -> Any:
        """What a piece of work returns."""
        return self.call(value, work)


def figures_or_failure(measure: Callable[[worker.Worker], dict[str, Any]]) -> dict[str, Any]:
    """What is measured with a new process; or under `failure` why there are no figures."""
    try:
        with worker.Worker(TF_FORCE_GPU_ALLOW_GROWTH="true", TF_CPP_MIN_LOG_LEVEL="3") as process:
            return measure(process)
    except FAILURES as failure:
        return {"failure": reason_of(failure)}


def prepare(side: str, arguments: dict[str, Any]) -> None:
    """Make a side's work ready; what libraries print goes nowhere, errors are told."""
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
