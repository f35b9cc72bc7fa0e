"""Token scores as a heat map: cells above the threshold are framed, tooltips have the values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, text_at
from gplinker_tf.visualization._markup import element, number, plain
from gplinker_tf.visualization._text_scores import ScoreMap
from gplinker_tf.visualization._text_width import clusters, ems, shortened_to

#: Pixels of the row names, of a map without them, and of the largest and smallest cells.
NAMES, MAP, LARGEST, SMALLEST = 40.0, 400.0, 24.0, 12.0

#: Pixels of the title above, of a gap where tokens are left out, and of text.
TITLE, GAP, TEXT = 44.0, 4.0, 11.0

#: Cells this far below the threshold are left blank.
FAR = 10.0

#: Scores this far below the threshold keep about half of its color, to make near misses visible.
SOFTNESS = 2.0


def most_telling(maps: Sequence[ScoreMap], tokens: int, limit: int) -> list[int]:
    """Return the tokens with the best scores in any map, in text order; chosen ones have priority.

    >>> values = np.array([[0.0, 5.0], [-1.0, -2.0]])
    >>> most_telling([ScoreMap("", "", values, ("start", "end"))], 2, limit=1)
    [1]
    """
    best = np.full(tokens, -np.inf)
    for one in maps:
        # All maps have equal weight: a score that is high in one may be low in another.
        values = one.values - one.values.max(initial=-1e30)
        sides = [values.max(axis=0)] if one.rows else [values.max(axis=0), values.max(axis=1)]
        best = np.maximum.reduce([best, *sides])
        for row, column in one.chosen:
            best[[column] if one.rows else [row, column]] = np.inf
    return sorted(np.argsort(-best, kind="stable")[:limit].tolist())


def draw_map(
    one: ScoreMap, tokens: Sequence[str], shown: Sequence[int], threshold: float
) -> Drawing:
    """Draw a heat map.

    Args:
        one: the scores.
        tokens: the characters of all tokens.
        shown: the indices of the tokens to draw.
        threshold: scores above it are framed.
    """
    gaps = sum(second != first + 1 for first, second in pairwise(shown))
    cell = min(max((MAP - gaps * GAP) / max(len(shown), 1), SMALLEST), LARGEST)
    xs = list(_places(shown, cell))
    rows = list(range(len(one.rows))) if one.rows else list(shown)
    ys = [cell * row for row in rows] if one.rows else xs
    width, height = (places[-1] + cell if places else 0.0 for places in (xs, ys))
    above = TITLE + max([TEXT, *(ems(_short(tokens[token])) * TEXT for token in shown)]) + 4
    columns = zip(shown, xs, strict=True)
    head = [_column_name(tokens[token], NAMES + x + cell / 2, above - 6) for token, x in columns]
    names = one.rows or tokens
    row_names = [
        text_at(-6, y + cell / 2 + 4, _short(names[row]), TEXT, text_anchor="end")
        for row, y in zip(rows, ys, strict=True)
    ]
    cells = (
        _cell(value, threshold, x, y, cell, f"{names[row]} → {tokens[column]}")
        for row, y in zip(rows, ys, strict=True)
        for column, x in zip(shown, xs, strict=True)
        if (value := float(one.values[row, column])) > threshold - FAR
    )
    at = dict(zip(shown, xs, strict=True))
    heights = dict(zip(rows, ys, strict=True))
    rings = (_ring(at[column], heights[row], cell) for row, column in one.chosen)
    body = [_paper(xs, ys, cell), *row_names, *cells, *rings]
    moved = element("g", *body, transform=f"translate({NAMES:.0f},{above:.0f})")
    size = max(NAMES + width, NAMES + MAP) + 4, above + height + 6
    found = int((one.values > threshold).sum())
    label = f"{one.title}: {found:,} of {one.values.size:,} scores above {threshold:g}"
    return Drawing(*size, "".join([*_title(one), *head, moved]), label)


def _places(shown: Sequence[int], cell: float) -> Iterator[float]:
    """Yield the positions of tokens from left to right, with a gap where some are left out."""
    x = 0.0
    for before, token in pairwise([None, *shown]):
        x += GAP if before is not None and token != before + 1 else 0.0
        yield x
        x += cell


def _title(one: ScoreMap) -> Iterator[str]:
    title = shortened_to(one.title, (MAP + NAMES) / 13.5)
    yield text_at(0, 13, title, 13, font_weight="600")
    yield text_at(0, 30, one.caption, TEXT, faint=True)


def _short(token: str) -> str:
    return shortened_to(token, 3.2)


def _column_name(token: str, x: float, y: float) -> str:
    """Draw the name of a column: a single character upright, a longer token rotated."""
    token = _short(token)
    if len(list(clusters(token))) == 1:
        return text_at(x, y, token, TEXT, text_anchor="middle")
    turned = f"rotate(-90 {number(x + 4)} {number(y)})"
    return text_at(x + 4, y, token, TEXT, transform=turned)


def _paper(xs: Sequence[float], ys: Sequence[float], cell: float) -> str:
    """Draw lines under the cells that lead the eye to the names."""
    if not xs or not ys:
        return ""
    lines = "".join(f"M{number(x)} 0V{number(ys[-1] + cell)}" for x in [*xs, xs[-1] + cell])
    lines += "".join(f"M0 {number(y)}H{number(xs[-1] + cell)}" for y in [*ys, ys[-1] + cell])
    return element("path", d=lines, stroke=colors.INK, stroke_opacity=0.09)


def _cell(value: float, threshold: float, x: float, y: float, cell: float, name: str) -> str:
    strength = 1 / (1 + np.exp(min((threshold - value) / SOFTNESS, 60.0)))
    above = value > threshold
    return element(
        "rect",
        element("title", plain(f"{name}: {value:.2f}")),
        x=x + 0.5,
        y=y + 0.5,
        width=cell - 1,
        height=cell - 1,
        fill=colors.SUBJECT,
        fill_opacity=f"{strength:.2g}" if strength >= 0.01 else "0",
        stroke=colors.INK if above else None,
        stroke_width=1.5 if above else None,
    )


def _ring(x: float, y: float, cell: float) -> str:
    """Draw a frame around the cell of a chosen triple."""
    return element(
        "rect",
        x=x - 2.5,
        y=y - 2.5,
        width=cell + 5,
        height=cell + 5,
        rx=4,
        fill="none",
        stroke=colors.OBJECT,
        stroke_width=2,
    )
