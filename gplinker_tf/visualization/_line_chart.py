"""Charts of curves over the epochs of a run, with names at the ends of the curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, text_at
from gplinker_tf.visualization._markup import element, number, plain

#: Pixels of a chart and of the margins around its curves.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 344.0, 230.0, 46.0, 112.0, 30.0, 34.0

#: Pixels between the names of two curves, and the approximate number of ticks on an axis.
APART, TICKS = 14.0, 4


class Curve(NamedTuple):
    """Values over epochs.

    Args:
        name: what the values are.
        points: pairs of epoch and value.
        color: the color of the line.
        bold: whether it is the most important curve.
        marked: the epoch that gets a ring.
    """

    name: str
    points: Sequence[tuple[float, float]]
    color: str
    bold: bool = False
    marked: int | None = None


def draw_chart(title: str, curves: Sequence[Curve], form: str = "{:.3g}") -> Drawing:
    """Draw a chart of curves with at least one point each.

    Args:
        title: the title above the chart.
        curves: the curves to draw.
        form: the format of values in tooltips and at the curves' ends.
    """
    xs = [x for curve in curves for x, _ in curve.points]
    ys = [y for curve in curves for _, y in curve.points]
    across = _Axis.of(min(xs), max(xs), whole=True).over(LEFT, WIDTH - RIGHT)
    up = _Axis.of(min([*ys, 0.0]), max(ys)).over(HEIGHT - BOTTOM, TOP)
    parts = [text_at(0, 13, title, 13, font_weight="600"), *_grid(across, up)]
    for curve in curves:
        parts += _curve(curve, across, up, form)
    parts += _names(curves, across, up, form)
    said = ", ".join(f"{curve.name} {form.format(curve.points[-1][1])}" for curve in curves)
    return Drawing(WIDTH, HEIGHT, "".join(parts), f"{title}: {said}")


class _Axis(NamedTuple):
    """An axis that maps values to pixels."""

    low: float
    high: float
    step: float
    begin: float = 0.0
    end: float = 1.0

    @classmethod
    def of(cls, low: float, high: float, whole: bool = False) -> _Axis:
        """Make an axis with round ticks for a range of values."""
        high = high if high > low else low + (1.0 if whole else abs(low) or 1.0)
        step = _round_step((high - low) / TICKS)
        step = max(step, 1.0) if whole else step
        if not whole:
            low, high = floor(low / step) * step, ceil(high / step) * step
        return cls(low, high, step)

    def over(self, begin: float, end: float) -> _Axis:
        return self._replace(begin=begin, end=end)

    def at(self, value: float) -> float:
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self) -> Iterator[float]:
        first = ceil(self.low / self.step - 1e-9)
        last = floor(self.high / self.step + 1e-9)
        yield from (count * self.step for count in range(first, last + 1))


def _round_step(step: float) -> float:
    """Round a step up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(step))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= step * 0.999)


def _grid(across: _Axis, up: _Axis) -> Iterator[str]:
    for value in up.ticks():
        y = up.at(value)
        line = f"M{number(LEFT)} {number(y)}H{number(WIDTH - RIGHT)}"
        yield element("path", d=line, stroke=colors.INK, stroke_opacity=0.14)
        yield text_at(LEFT - 6, y + 4, f"{value:.10g}", 11, faint=True, text_anchor="end")
    for value in across.ticks():
        place = across.at(value), HEIGHT - BOTTOM + 16
        yield text_at(*place, f"{value:g}", 11, faint=True, text_anchor="middle")
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield text_at(middle, HEIGHT - 4, "epoch", 11, faint=True, text_anchor="middle")


def _curve(curve: Curve, across: _Axis, up: _Axis, form: str) -> Iterator[str]:
    places = [(across.at(x), up.at(y)) for x, y in curve.points]
    path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)
    yield element(
        "path",
        d=path,
        fill="none",
        stroke=curve.color,
        stroke_width=2.4 if curve.bold else 1.5,
        stroke_linejoin="round",
    )
    for (epoch, value), (x, y) in zip(curve.points, places, strict=True):
        told = f"epoch {epoch:g}: {curve.name} {form.format(value)}"
        title = element("title", plain(told))
        yield element("circle", title, cx=x, cy=y, r=2.8, fill=curve.color)
        if epoch == curve.marked:
            yield element(
                "circle", cx=x, cy=y, r=6, fill="none", stroke=curve.color, stroke_width=1.6
            )


def _names(curves: Sequence[Curve], across: _Axis, up: _Axis, form: str) -> Iterator[str]:
    """Draw the names at the curves' ends, moved up where these are close."""
    below = HEIGHT - BOTTOM + 4 + APART
    for curve in sorted(curves, key=lambda curve: curve.points[-1][1]):
        x, y = curve.points[-1]
        below = min(up.at(y) + 4, below - APART)
        said = f"{curve.name} {form.format(y)}".strip()
        weight = "600" if curve.bold else "400"
        yield text_at(across.at(x) + 9, below, said, 11, fill=curve.color, font_weight=weight)
