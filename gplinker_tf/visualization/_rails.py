"""Arcs of triples above a line of text: rails, from which a drop leads to each span.

Triples with the same subject and predicate share a rail. A rail stays on its line: if the other
end of a triple is on another line, the label says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gplinker_tf.visualization._text_lines import Stretch
from gplinker_tf.visualization._text_width import ems, shortened_to

#: Pixels of label text, between two lanes, and of an end that leads to another line.
LABEL, LANE, STUB = 12.0, 21.0, 14.0

#: Pixels between the lowest rail and the text.
LOWEST = 15.0

#: Pixels between two rails of a lane, and maximum ems of a subject's name in a label.
GAP, NAME = 10.0, 8.0


@dataclass
class Drop:
    """A vertical line from a rail to a span; `x` is set once all lanes are known."""

    span: tuple[int, int]
    stretch: Stretch
    is_object: bool
    x: float = 0.0


@dataclass
class Rail:
    """The part of a group of triples that is above one line.

    Args:
        group: the index of the group.
        line: the index of the line.
        drops: the drops to the spans on this line.
        label: the predicate; if the other end is on another line, also a hint to it.
        stub: -1 or 1 if it continues to the left or to the right, to another line; otherwise 0.
        width: the width of the line.
    """

    group: int
    line: int
    drops: list[Drop]
    label: str
    stub: int
    width: float
    lane: int = 0
    text_x: float = 0.0
    ends: tuple[float, float] = field(default=(0.0, 0.0))

    @property
    def label_width(self) -> float:
        return ems(self.label) * LABEL

    def settle(self) -> None:
        """Set its ends from its drops, and center its label, within the line."""
        xs = [drop.x for drop in self.drops]
        left, right = min(xs), max(xs)
        if self.stub < 0:
            left = max(left - self.label_width - STUB, 0.0)
        elif self.stub > 0:
            right = min(right + self.label_width + STUB, self.width)
        self.ends = left, right
        self.place_label((left + right) / 2)

    def place_label(self, center: float) -> None:
        half = self.label_width / 2
        self.text_x = min(max(center, half), max(self.width - half, half))

    @property
    def extent(self) -> tuple[float, float]:
        half = self.label_width / 2
        return min(self.ends[0], self.text_x - half), max(self.ends[1], self.text_x + half)

    @property
    def height(self) -> float:
        """The height of its line above the text's upper edge."""
        return self.lane * LANE + LOWEST


def rails_of(
    group: int,
    predicate: str,
    subject: str,
    sign: str,
    drops: Sequence[Drop],
    width: float,
    right_to_left: bool,
) -> Iterator[Rail]:
    """Yield the rails of a group, one for each line that has a span of the group."""
    lines = sorted({drop.stretch.line for drop in drops})
    home = next(drop.stretch.line for drop in drops if not drop.is_object)
    forward = -1 if right_to_left else 1
    for line in lines:
        here = [drop for drop in drops if drop.stretch.line == line]
        if line != home:
            label = f"{shortened_to(subject, NAME)} › {predicate}"
            stub = -forward if line > home else forward
        elif len(here) == 1 and len(lines) > 1:
            label, stub = f"{predicate} {'↓' if max(lines) > home else '↑'}", forward
        else:
            label, stub = predicate, 0
        yield Rail(group, line, here, sign + label, stub, width)


def arrange(rails: Sequence[Rail]) -> None:
    """Assign a lane to each rail, and a position to each drop and each label."""
    for rail in rails:
        for drop in rail.drops:
            drop.x = drop.stretch.center
        rail.settle()
    for line in {rail.line for rail in rails}:
        above = [rail for rail in rails if rail.line == line]
        _assign_lanes(above)
        _spread_drops(above)
        for rail in above:
            rail.settle()
        _move_labels(above)


def _assign_lanes(rails: Iterable[Rail]) -> None:
    """Assign lanes to rails: short ones are low, with long ones above them."""
    taken: list[list[tuple[float, float]]] = []
    for rail in sorted(rails, key=lambda rail: rail.extent[1] - rail.extent[0]):
        left, right = _widest(rail)
        for lane, others in enumerate(taken):
            if all(right + GAP < start or end + GAP < left for start, end in others):
                rail.lane = lane
                break
        else:
            rail.lane = len(taken)
            taken.append([])
        taken[rail.lane].append((left, right))


def _widest(rail: Rail) -> tuple[float, float]:
    """Return the most that the rail may cover once its drops are spread over their spans."""
    slack = max(drop.stretch.right - drop.stretch.left for drop in rail.drops) / 2
    left, right = rail.extent
    return left - slack, right + slack


def _spread_drops(rails: Iterable[Rail]) -> None:
    """Put drops on one span side by side, so that no drop crosses another's rail: first those to
    the left, lowest rail first, then those to the right, lowest rail last."""
    by_span: dict[Stretch, list[tuple[Rail, Drop]]] = {}
    for rail in rails:
        for drop in rail.drops:
            by_span.setdefault(drop.stretch, []).append((rail, drop))
    for stretch, drops in by_span.items():
        step = (stretch.right - stretch.left) / (len(drops) + 1)
        for place, (_, drop) in enumerate(sorted(drops, key=_side), start=1):
            drop.x = stretch.left + step * place


def _side(one: tuple[Rail, Drop]) -> tuple[int, float]:
    rail, drop = one
    to_left = drop.x - rail.ends[0] > rail.ends[1] - drop.x
    return (0, rail.height) if to_left else (1, -rail.height)


def _move_labels(rails: Sequence[Rail]) -> None:
    """Move labels along their rails, out of the way of drops that come from above."""
    for rail in rails:
        drops = [drop.x for other in rails if other.lane > rail.lane for drop in other.drops]
        half = rail.label_width / 2
        left, right = rail.ends[0] + half, rail.ends[1] - half
        middle = (left + right) / 2
        steps = int(max(right - left, 0) / 2 // 4)
        for center in (middle + sign * 4 * step for step in range(steps + 1) for sign in (1, -1)):
            if not any(center - half - 3 < x < center + half + 3 for x in drops):
                rail.place_label(center)
                break
