"""Pieces of work in turns, and the ratio of what they took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

#: What a ratio says: the other's time by ours, or ours (or our memory) by the other's.
SPEED_UP, COST = "times as fast", "times the cost"


@dataclass(frozen=True)
class Result:
    """A line of the table.

    Args:
        figure: what is measured.
        ours: what this package's side is.
        other: what it is compared with.
        unit: `"ms"`, `"min"`, `"MiB"`, `"sentences/s"` or `"tokens"`.
        ours_value: the median of ours, in the unit.
        other_value: the median of the other.
        ratio: the median over the turns of `ratio_of`.
        ratio_lowest: its smallest value.
        ratio_highest: its largest value.
        turns: how many turns.
        wanted: `">= 12"` or `"<= 1.1"`; "" where nothing was asked for.
        ratio_of: `SPEED_UP`, `COST`, or other words.
    """

    figure: str
    ours: str
    other: str
    unit: str
    ours_value: float
    other_value: float
    ratio: float
    ratio_lowest: float
    ratio_highest: float
    turns: int
    wanted: str
    ratio_of: str

    @property
    def reached(self) -> bool | None:
        """Whether the ratio is what was wanted."""
        if not self.wanted:
            return None
        sign, bound = self.wanted.split()
        return self.ratio >= float(bound) if sign == ">=" else self.ratio <= float(bound)


def take_turns(
    ours: Callable[[int], float], other: Callable[[int], float], turns: int, warm_up: int = 2
) -> list[tuple[float, float]]:
    """The values of both, turn by turn, after a few that are not counted."""
    pairs = [(ours(max(turn, 0)), other(max(turn, 0))) for turn in range(-warm_up, turns)]
    return pairs[warm_up:]


def compare(
    figure: str,
    names: tuple[str, str],
    pairs: list[tuple[float, float]],
    wanted: str = "",
    ratio_of: str = SPEED_UP,
    sentences: int | None = None,
    unit: str = "ms",
) -> Result:
    """The result of turns.

    Args:
        figure: what is measured.
        names: of our side and the other.
        pairs: seconds, or mebibytes, of both.
        wanted: as in `Result`.
        ratio_of: `SPEED_UP` or `COST`, of the seconds or mebibytes.
        sentences: sentences of a turn, to give sentences a second in place of milliseconds.
        unit: of the values, where they are no seconds.
    """
    ratios = sorted(b / a if ratio_of == SPEED_UP else a / b for a, b in pairs)
    middle = [median(values) for values in zip(*pairs, strict=True)]
    if sentences:
        unit, middle = "sentences/s", [sentences / value for value in middle]
    elif unit == "ms":
        middle = [value * 1e3 for value in middle]
    middle_ratio = median(ratios), ratios[0], ratios[-1]
    return Result(figure, *names, unit, *middle, *middle_ratio, len(pairs), wanted, ratio_of)
