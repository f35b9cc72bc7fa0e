"""Wall time and processor time of a task."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Seconds(NamedTuple):
    """The time that a task took, in seconds.

    Args:
        clock: wall time.
        processor: processor time of all cores, including child processes that have ended. Ratios of
            it vary less than ratios of wall time if other programs use the machine.
    """

    clock: float
    processor: float

    def __add__(self, other: Seconds) -> Seconds:  # type: ignore[override]
        return Seconds(self.clock + other.clock, self.processor + other.processor)


def seconds_of(work: Callable[..., Any], *arguments: Any) -> Seconds:
    """Run a task, and return the time that it took."""
    before = _now()
    work(*arguments)
    after = _now()
    return Seconds(after.clock - before.clock, after.processor - before.processor)


def _now() -> Seconds:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Seconds(time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime)
