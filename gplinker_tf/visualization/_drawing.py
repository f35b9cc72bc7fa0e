"""A drawing: its size and its SVG elements, for a page or for a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gplinker_tf.visualization._colors import FAINT, INK, PAPER, TEXT
from gplinker_tf.visualization._markup import element, plain

#: Fonts with Chinese characters on each system, after the system's own.
FONTS = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)

NAMESPACE = "http://www.w3.org/2000/svg"

#: Pixels around the drawing in a file of its own.
MARGIN = 16

#: Pages narrower than a drawing show it smaller.
IN_PAGES = "max-width:100%;height:auto"

#: Files follow the reader's light or dark setting.
STYLE = (
    f".paper{{fill:{PAPER[0]}}}svg{{color:{TEXT[0]}}}"
    f"@media(prefers-color-scheme:dark){{.paper{{fill:{PAPER[1]}}}svg{{color:{TEXT[1]}}}}}"
)


class Drawing(NamedTuple):
    """A drawing of a given size.

    Args:
        width: the width in pixels.
        height: the height in pixels.
        content: the SVG elements.
        label: what it shows, for screen readers.
    """

    width: float
    height: float
    content: str
    label: str

    def inline(self) -> str:
        """Return the SVG element for a page; it takes the text color of the page."""
        return self._svg(self.content, self.width, self.height, IN_PAGES)

    def standalone(self) -> str:
        """Return the SVG element for a file, with a background of its own."""
        width, height = self.width + 2 * MARGIN, self.height + 2 * MARGIN
        sheet = element("rect", width=width, height=height, rx=8, fill=PAPER[0], class_="paper")
        content = element("g", self.content, transform=f"translate({MARGIN},{MARGIN})")
        style = element("style", STYLE)
        return self._svg(style + sheet + content, width, height, None, color=TEXT[0])

    def _svg(
        self, content: str, width: float, height: float, style: str | None, **more: str
    ) -> str:
        return element(
            "svg",
            content,
            xmlns=NAMESPACE,
            width=round(width),
            height=round(height),
            viewBox=f"0 0 {width:.0f} {height:.0f}",
            role="img",
            aria_label=self.label,
            font_family=FONTS,
            fill=INK,
            style=style,
            **more,
        )


def text_at(
    x: float, y: float, text: str, size: float = 13, faint: bool = False, **attributes: str | float
) -> str:
    """Return a text element whose baseline is at `y`."""
    opacity = FAINT if faint else None
    return element(
        "text", plain(text), x=x, y=y, font_size=size, fill_opacity=opacity, **attributes
    )


def fitted_text(x: float, y: float, text: str, size: float, width: float) -> str:
    """Return a text element that is `width` pixels wide in any font."""
    return text_at(x, y, text, size, textLength=width, lengthAdjust="spacingAndGlyphs")


def side_by_side(drawings: Sequence[Drawing], width: float, gap: float = 24) -> Drawing:
    """Arrange drawings in rows, with as many per row as fit in `width`."""
    parts, label = [], "; ".join(drawing.label for drawing in drawings)
    x = y = row = total = 0.0
    for drawing in drawings:
        if x and x + drawing.width > width:
            x, y, row = 0.0, y + row + gap, 0.0
        parts.append(element("g", drawing.content, transform=f"translate({x:.0f},{y:.0f})"))
        total, row = max(total, x + drawing.width), max(row, drawing.height)
        x += drawing.width + gap
    return Drawing(total, y + row, "".join(parts), label)


def above_each_other(drawings: Sequence[Drawing], gap: float = 16) -> Drawing:
    """Arrange drawings in a column."""
    parts, y = [], 0.0
    for drawing in drawings:
        parts.append(element("g", drawing.content, transform=f"translate(0,{y:.0f})"))
        y += drawing.height + gap
    label = "; ".join(drawing.label for drawing in drawings)
    return Drawing(max(drawing.width for drawing in drawings), y - gap, "".join(parts), label)
