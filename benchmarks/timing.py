"""What a piece of work takes, by the clock and in processor time."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Seconds(NamedTuple):
    """What a piece of work took.

    Args:
        clock: from its start to its end.
        processor: of all cores together, with child processes that have ended. On a machine that
            others use too, ratios of it vary less than those of the clock.
    """

    clock: float
    processor: float

    def __add__(self, other: Seconds) -> Seconds:  # type: ignore[override]
        return Seconds(self.clock + other.clock, self.processor + other.processor)


def seconds_of(work: Callable[..., Any], *arguments: Any) -> Seconds:
    """Do a piece of work, and measure it."""
    before = _now()
    work(*arguments)
    after = _now()
    return Seconds(after.clock - before.clock, after.processor - before.processor)


def _now() -> Seconds:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Seconds(time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime)
