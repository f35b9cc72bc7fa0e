"""A text broken into lines, with the position of each piece, in either reading direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from gplinker_tf.visualization._text_units import CLOSING, Unit, units_of

#: A text may be this much wider if it then takes fewer lines.
SQUEEZE = 1.08

#: Spans up to this share of a line are not split between lines.
WHOLE = 0.4


class Piece(NamedTuple):
    """A unit with its position: `left` and `right` are pixels from the line's left end."""

    unit: Unit
    left: float
    right: float


class Stretch(NamedTuple):
    """The position of a span, or of a part of it."""

    line: int
    left: float
    right: float

    @property
    def center(self) -> float:
        return (self.left + self.right) / 2


class TextLines(NamedTuple):
    """A text broken into lines.

    Args:
        lines: the pieces of each line, from left to right.
        right_to_left: whether lines begin at the right.
    """

    lines: list[list[Piece]]
    right_to_left: bool

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """Return the stretches of the characters from `start` to `end`: several if a line ends."""
        found: list[Stretch] = []
        for number, line in enumerate(self.lines):
            for piece in line:
                if piece.unit.start < end and piece.unit.end > start:
                    last = found[-1] if found else None
                    if last and last.line == number and abs(last.right - piece.left) < 0.5:
                        found[-1] = last._replace(right=piece.right)
                    else:
                        found.append(Stretch(number, piece.left, piece.right))
        return found


def lines_of(text: str, spans: Sequence[tuple[int, int]], width: float, size: float) -> TextLines:
    """Break a text into lines.

    Args:
        text: the text.
        spans: the starts and ends of the marked spans.
        width: the width of a line, in pixels.
        size: the size of the font, in pixels.

    >>> lines, _ = lines_of("喜剧之王 by 周星驰", [(8, 11)], width=100, size=16)
    >>> ["".join(piece.unit.text for piece in line) for line in lines]
    ['喜剧之王 by ', '周星驰']
    """
    units = units_of(text, {cut for span in spans for cut in span})
    first = next((unit for unit in units if unit.right_to_left is not None), None)
    right_to_left = bool(first and first.right_to_left)
    kept = [span for span in spans if _width(_within(units, span)) * size <= width * WHOLE]
    chunks = list(_chunks(units, kept))
    broken, wider = (_broken(chunks, width * factor / size) for factor in (1.0, SQUEEZE))
    if len(wider) < len(broken):
        broken, width = wider, width * SQUEEZE
    lines = [list(_placed(line, right_to_left, width, size)) for line in broken]
    return TextLines(lines, right_to_left)


def _within(units: Iterable[Unit], span: tuple[int, int]) -> list[Unit]:
    return [unit for unit in units if span[0] <= unit.start and unit.end <= span[1]]


def _width(units: Iterable[Unit]) -> float:
    return sum(unit.ems for unit in units)


def _chunks(units: Sequence[Unit], kept: Sequence[tuple[int, int]]) -> Iterator[list[Unit]]:
    """Yield the units that stay on one line: those of a span, and what may not begin a line."""
    inside = {place for start, end in kept for place in range(start + 1, end)}
    chunk: list[Unit] = []
    for unit in units:
        if chunk and unit.start not in inside and unit.text not in CLOSING:
            yield chunk
            chunk = []
        chunk.append(unit)
    if chunk:
        yield chunk


def _broken(chunks: Iterable[list[Unit]], ems: float) -> list[list[Unit]]:
    lines: list[list[Unit]] = [[]]
    for chunk in chunks:
        pieces = [chunk] if _width(chunk) <= ems else [[unit] for unit in chunk]
        for piece in pieces:
            if lines[-1] and _width([*lines[-1], *piece]) > ems and not piece[0].is_space:
                lines.append([])
            lines[-1] += piece
            if piece[-1].breaks:
                lines.append([])
    return [line for line in lines if line]


def _placed(
    line: Sequence[Unit], right_to_left: bool, width: float, size: float
) -> Iterator[Piece]:
    ordered = list(_in_sight(line, right_to_left))
    left = width - _width(line) * size if right_to_left else 0.0
    for unit in ordered:
        right = left + unit.ems * size
        yield Piece(unit, left, right)
        left = right


def _in_sight(line: Sequence[Unit], right_to_left: bool) -> Iterator[Unit]:
    """Yield units as they are seen from left to right: right-to-left runs are reversed.

    These are the two levels that the Unicode bidirectional algorithm has without embedding.
    """
    directions = _directions(line, right_to_left)
    paired = list(zip(line, directions, strict=True))
    grouped = groupby(paired, key=lambda one: one[1])
    runs = [(turned, [unit for unit, _ in run]) for turned, run in grouped]
    for turned, run in reversed(runs) if right_to_left else runs:
        yield from reversed(run) if turned else run


def _directions(line: Sequence[Unit], right_to_left: bool) -> list[bool]:
    """Return whether each unit runs from right to left; neutral ones follow the units on both
    sides if these agree, else the line."""
    known = [unit.right_to_left for unit in line]
    before, after = [*known], [*known]
    for place in range(1, len(line)):
        before[place] = known[place] if known[place] is not None else before[place - 1]
        after[-1 - place] = known[-1 - place] if known[-1 - place] is not None else after[-place]
    return [
        own if own is not None else (left if left is not None and left == right else right_to_left)
        for own, left, right in zip(known, before, after, strict=True)
    ]
