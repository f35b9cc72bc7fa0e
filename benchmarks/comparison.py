"""Timings of two sides that take turns, and the ratios of their times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import NamedTuple

from benchmarks.timing import Seconds
from benchmarks.worker import Worker

#: What a ratio means: the other's time divided by ours, or our time or memory by the other's.
SPEED_UP, COST = "times as fast", "times the cost"

#: Turns that are not counted, because the first ones trace and compile.
WARM_UP = 2

Pair = tuple[Seconds, Seconds]


class Ratio(NamedTuple):
    """The median, smallest and largest value over the turns."""

    middle: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Ratio:
        ordered = sorted(values)
        return cls(median(ordered), ordered[0], ordered[-1])


@dataclass(frozen=True)
class Result:
    """A row of the table.

    Args:
        figure: what is measured.
        ours: the name of this package's side.
        other: the name of the side it is compared with.
        unit: `"ms"`, `"min"`, `"MiB"`, `"sentences/s"` or `"tokens"`; times are wall times.
        ours_value: our median, in that unit.
        other_value: the other side's median.
        ratio: the ratio of both values, over the turns.
        ratio_of: `SPEED_UP`, `COST`, or another description of the ratio.
        turns: the number of turns.
        target: what the ratio should be, such as `">= 12"` or `"<= 1.1"`; "" if not set.
        processor_ratio: the same ratio of processor time, if time is measured.
    """

    figure: str
    ours: str
    other: str
    unit: str
    ours_value: float
    other_value: float
    ratio: Ratio
    ratio_of: str
    turns: int = 1
    target: str = ""
    processor_ratio: Ratio | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the ratio meets the target."""
        if not self.target:
            return None
        sign, bound = self.target.split()
        middle = self.ratio.middle
        return middle >= float(bound) if sign == ">=" else middle <= float(bound)


def race(
    ours: Callable[[], Worker], other: Callable[[], Worker], work: str, turns: int
) -> list[Pair]:
    """Measure the same task on both sides, in turns.

    Args:
        ours: a function that starts the process of our side.
        other: a function that starts the process of the other side.
        work: the task's name, the same on both sides.
        turns: the number of turns that count, as in `take_turns`.
    """
    with ours() as first, other() as second:
        return take_turns(partial(first.seconds, work), partial(second.seconds, work), turns)


def take_turns(
    ours: Callable[[int], Seconds], other: Callable[[int], Seconds], turns: int
) -> list[Pair]:
    """Measure both sides in turns; the first `WARM_UP` turns are not counted."""
    pairs = [(ours(max(turn, 0)), other(max(turn, 0))) for turn in range(-WARM_UP, turns)]
    return pairs[WARM_UP:]


def compare(
    figure: str,
    names: tuple[str, str],
    pairs: Sequence[Pair],
    target: str = "",
    ratio_of: str = SPEED_UP,
    sentences: int | None = None,
) -> Result:
    """Return the result of timing both sides in turns.

    Args:
        figure: what is measured.
        names: the names of our side and of the other.
        pairs: the times of both sides, one pair per turn.
        target: the target, as in `Result`.
        ratio_of: `SPEED_UP` or `COST`.
        sentences: sentences per turn; if given, values are sentences per second, not milliseconds.
    """
    clock, processor = (
        [(ours[kind], other[kind]) for ours, other in pairs] for kind in range(len(Seconds._fields))
    )
    middle = [median(values) for values in zip(*clock, strict=True)]
    values = [sentences / value if sentences else value * 1e3 for value in middle]
    return Result(
        *(figure, *names, "sentences/s" if sentences else "ms", *values),
        *(_ratio(clock, ratio_of), ratio_of, len(pairs), target, _ratio(processor, ratio_of)),
    )


def compare_amounts(
    figure: str, names: tuple[str, str], amounts: Sequence[float], unit: str, target: str = ""
) -> Result:
    """Return the result of two amounts in a unit other than time: ours and the other's."""
    ours, other = amounts
    ratio = _ratio([(ours, other)], COST)
    return Result(figure, *names, unit, ours, other, ratio, COST, target=target)


def _ratio(pairs: Iterable[tuple[float, float]], ratio_of: str) -> Ratio:
    return Ratio.of(b / a if ratio_of == SPEED_UP else a / b for a, b in pairs)
