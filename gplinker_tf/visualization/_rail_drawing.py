"""Draws rails with their drops and labels above a line of text."""

from __future__ import annotations

from collections.abc import Sequence

from gplinker_tf.visualization._drawing import fitted_text
from gplinker_tf.visualization._markup import element, number, plain
from gplinker_tf.visualization._rails import LABEL, Rail

#: Pixels of a rail's corners, and between the ends of its drops and the text's upper edge.
CORNER, CLEAR = 6.0, 3.0


def draw_rail(
    rail: Rail,
    lower: Sequence[Rail],
    text_top: float,
    color: str,
    dashes: str | None,
    told: str,
) -> str:
    """Draw a rail above a line of text.

    Args:
        rail: the rail.
        lower: the rails between it and the text.
        text_top: the upper edge of the text, in pixels.
        color: the color of its lines.
        dashes: the dash pattern of its lines, as in SVG.
        told: the tooltip.
    """
    y, floor = text_top - rail.height, text_top - CLEAR
    paths = [_horizontal(rail, y)]
    heads = []
    for drop in rail.drops:
        begin = y + CORNER if drop.x in rail.ends else y
        paths.append(_vertical(drop.x, begin, floor, lower, text_top))
        if drop.is_object:
            tip = f"M{number(drop.x - 3.5)} {number(floor - 6)}h7l-3.5 6.5z"
            heads.append(element("path", d=tip, fill=color))
        else:
            heads.append(element("circle", cx=drop.x, cy=floor - 1, r=2.6, fill=color))
    path = element(
        "path",
        d="".join(paths),
        fill="none",
        stroke=color,
        stroke_width=1.6,
        stroke_dasharray=dashes,
    )
    left = rail.text_x - rail.label_width / 2
    label = fitted_text(left, y - 4, rail.label, LABEL, rail.label_width)
    return element("g", element("title", plain(told)), path, *heads, label)


def _horizontal(rail: Rail, y: float) -> str:
    left, right = rail.ends
    xs = {drop.x for drop in rail.drops}
    if right - left < 2 * CORNER:
        return f"M{number(left)} {number(y + CORNER)}V{number(y)}H{number(right)}v{number(CORNER)}"
    begin = (
        f"M{number(left)} {number(y + CORNER)}q0 {-CORNER} {CORNER} {-CORNER}"
        if left in xs
        else f"M{number(left)} {number(y)}"
    )
    if right not in xs:
        return f"{begin}H{number(right)}"
    return f"{begin}H{number(right - CORNER)}q{CORNER} 0 {CORNER} {CORNER}"


def _vertical(x: float, top: float, floor: float, lower: Sequence[Rail], text_top: float) -> str:
    """Return the path of a drop, with gaps where it would cross the label of a rail below."""
    gaps = sorted(
        (text_top - rail.height - LABEL - 4, text_top - rail.height - 2)
        for rail in lower
        if abs(rail.text_x - x) < rail.label_width / 2 + 2
    )
    path, y = "", top
    for begin, end in gaps:
        if y < begin:
            path += f"M{number(x)} {number(y)}V{number(begin)}"
        y = max(y, end)
    return f"{path}M{number(x)} {number(y)}V{number(floor)}"
