"""Draws arrows between boxes, each with a gap for its label where there is room."""

from __future__ import annotations

import numpy as np

from gplinker_tf.visualization._drawing import text_at
from gplinker_tf.visualization._markup import element, number
from gplinker_tf.visualization._text_width import ems

#: Pixels of a label and of an arrowhead.
LABEL, HEAD = 11.0, 8.0

#: Where on an arrow its label may be; the middle is tried first.
SHARES = (0.5, 0.58, 0.42, 0.66, 0.34, 0.74, 0.26)


class ArrowDrawing:
    """Draws arrows one by one, with labels that avoid boxes and earlier labels.

    Args:
        centers: float `[N, 2]`, the centers of the boxes.
        sizes: float `[N, 2]`, their widths and heights.
    """

    def __init__(self, centers: np.ndarray, sizes: np.ndarray) -> None:
        self._centers = centers
        self._sizes = sizes
        self._taken = [*zip(centers, sizes, strict=True)]

    def between(self, first: int, second: int, label: str, color: str, aside: float) -> list[str]:
        """Draw an arrow from one box to another, `aside` pixels off the line between them."""
        begin, end = self._border(first, second), self._border(second, first)
        length = float(np.hypot(*(end - begin))) or 1.0
        along = (end - begin) / length
        across = np.array([-along[1], along[0]])
        begin, end = begin + across * aside, end + across * aside
        tip = end - along * 3
        back = tip - along * HEAD
        size = np.array([ems(label) * LABEL, LABEL + 3])
        middle = self._free_place(begin, end, size)
        room = 1 / max(*(np.abs(along) / (size / 2 + [4, 1])), 1e-6)
        pieces = [(begin, middle - along * room), (middle + along * room, back)]
        if room * 2 > length:
            pieces = [(begin, back)]
        line = "".join(f"M{_at(start)}L{_at(stop)}" for start, stop in pieces)
        sides = back + across * HEAD / 2, back - across * HEAD / 2
        return [
            element("path", d=line, stroke=color, stroke_width=1.5),
            element("path", d=f"M{_at(tip)}L{_at(sides[0])}L{_at(sides[1])}z", fill=color),
            text_at(middle[0], middle[1] + 4, label, LABEL, text_anchor="middle"),
        ]

    def loop(self, box: int, label: str, color: str) -> list[str]:
        """Draw an arrow from a box to itself."""
        x, y = self._centers[box] - [0, self._sizes[box][1] / 2]
        curve = f"M{number(x - 10)} {number(y)}c-12 -22 32 -22 20 0"
        return [
            element("path", d=curve, fill="none", stroke=color, stroke_width=1.5),
            text_at(x, y - 18, label, LABEL, text_anchor="middle"),
        ]

    def _border(self, box: int, other: int) -> np.ndarray:
        """Return where the line to another box leaves this one."""
        line = self._centers[other] - self._centers[box]
        reach = np.abs(line) / (self._sizes[box] / 2)
        return self._centers[box] + line / max(float(reach.max()), 1e-6)

    def _free_place(self, begin: np.ndarray, end: np.ndarray, size: np.ndarray) -> np.ndarray:
        places = [begin + (end - begin) * share for share in SHARES]
        place = next((one for one in places if self._is_free(one, size)), places[0])
        self._taken.append((place, size))
        return place

    def _is_free(self, place: np.ndarray, size: np.ndarray) -> bool:
        return not any(
            (np.abs(place - center) < (size + other) / 2).all() for center, other in self._taken
        )


def _at(spot: np.ndarray) -> str:
    return f"{number(float(spot[0]))} {number(float(spot[1]))}"
