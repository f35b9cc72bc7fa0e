"""Pieces of work in turns, and the ratio of what they took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import NamedTuple

from benchmarks.timing import Seconds
from benchmarks.worker import Worker

#: What a ratio says: the other's time by ours, or ours (or our memory) by the other's.
SPEED_UP, COST = "times as fast", "times the cost"

#: Turns that are not counted: the first ones trace and compile.
WARM_UP = 2

Pair = tuple[Seconds, Seconds]


class Ratio(NamedTuple):
    """The median over the turns, the smallest value and the largest one."""

    middle: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Ratio:
        ordered = sorted(values)
        return cls(median(ordered), ordered[0], ordered[-1])


@dataclass(frozen=True)
class Result:
    """A line of the table.

    Args:
        figure: what is measured.
        ours: what this package's side is.
        other: what it is compared with.
        unit: `"ms"`, `"min"`, `"MiB"`, `"sentences/s"` or `"tokens"`; times are the clock's.
        ours_value: the median of ours, in the unit.
        other_value: the median of the other.
        ratio: of the values, turn by turn.
        ratio_of: `SPEED_UP`, `COST`, or other words.
        turns: how many turns.
        target: `">= 12"` or `"<= 1.1"` of the ratio; "" if there is none.
        processor_ratio: the same ratio of processor time, where time is what is measured.
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
    """What the same piece of work takes on both sides, turn by turn.

    Args:
        ours: starts our side's process.
        other: starts the other's.
        work: its name on both sides.
        turns: as in `take_turns`.
    """
    with ours() as first, other() as second:
        return take_turns(partial(first.seconds, work), partial(second.seconds, work), turns)


def take_turns(
    ours: Callable[[int], Seconds], other: Callable[[int], Seconds], turns: int
) -> list[Pair]:
    """What both took, turn by turn, after `WARM_UP` turns."""
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
    """The result of turns.

    Args:
        figure: what is measured.
        names: of our side and the other.
        pairs: what both took.
        target: as in `Result`.
        ratio_of: `SPEED_UP` or `COST`.
        sentences: sentences of a turn, to give sentences a second in place of milliseconds.
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
    """The result of two amounts of a unit that is no time: ours and the other's."""
    ours, other = amounts
    ratio = _ratio([(ours, other)], COST)
    return Result(figure, *names, unit, ours, other, ratio, COST, target=target)


def _ratio(pairs: Iterable[tuple[float, float]], ratio_of: str) -> Ratio:
    return Ratio.of(b / a if ratio_of == SPEED_UP else a / b for a, b in pairs)
