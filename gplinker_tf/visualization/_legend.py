"""The legend of a text's triples: what colors and lines mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import text_at
from gplinker_tf.visualization._located import CORRECT, MISSED, SPURIOUS
from gplinker_tf.visualization._markup import element
from gplinker_tf.visualization._text_width import ems

#: Pixels of text.
SIZE = 12.0


class Style(NamedTuple):
    """The color and dashes of a rail, and the sign before its label."""

    color: str
    dashes: str | None
    sign: str


#: Line colors, dashes and signs by gold status.
STATUSES = {
    CORRECT: Style(colors.CORRECT, None, "✓"),
    MISSED: Style(colors.MISSED, "5 3", "○"),
    SPURIOUS: Style(colors.SPURIOUS, "1.5 3", "✗"),
}


def legend(statuses: set[str]) -> Iterator[tuple[str, float]]:
    """Yield the items that say what colors and lines mean, each with its width."""
    if not statuses:
        return
    for name, color in (("subject", colors.SUBJECT), ("object", colors.OBJECT)):
        box = element("rect", width=14, height=10, y=-10, fill=color, fill_opacity=0.16, rx=2)
        bar = element("rect", width=14, height=3, y=-1, fill=color, rx=1.5)
        yield box + bar + text_at(20, 0, name, SIZE, faint=True), 20 + ems(name) * SIZE
    for status, (color, dashes, sign) in STATUSES.items():
        if status in statuses:
            line = element(
                "path", d="M0 -4h22", stroke=color, stroke_width=2, stroke_dasharray=dashes
            )
            name = f"{sign} {status}"
            yield line + text_at(28, 0, name, SIZE, faint=True), 28 + ems(name) * SIZE


def flowing(items: Sequence[tuple[str, float]], width: float) -> Iterator[list[tuple[str, float]]]:
    """Arrange items in rows, each with its distance from the left."""
    places, x, row = [], 0.0, 0
    for item, wide in items:
        if x and x + wide > width:
            x, row = 0.0, row + 1
        places.append((row, item, x))
        x += wide + 14
    for _, row_items in groupby(places, key=lambda place: place[0]):
        yield [(item, x) for _, item, x in row_items]
