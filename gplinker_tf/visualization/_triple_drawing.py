"""Draws a text with its triples: marks on the spans, rails above the lines, a legend below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, fitted_text
from gplinker_tf.visualization._legend import STATUSES, flowing, legend
from gplinker_tf.visualization._located import LocatedTriple, Place
from gplinker_tf.visualization._markup import element, number, plain
from gplinker_tf.visualization._rail_drawing import draw_rail
from gplinker_tf.visualization._rails import LANE, LOWEST, Drop, Rail, arrange, rails_of
from gplinker_tf.visualization._text_lines import Piece, Stretch, TextLines, lines_of
from gplinker_tf.visualization._text_width import is_wide

#: Pixels of text, of a line without rails, of a bar below a span, and of a line of the legend.
SIZE, LINE, BAR, NOTE = 17.0, 30.0, 4.5, 20.0

#: Browsers disagree on how many positions a character above this one takes.
LAST_OF_PLANE = "\uffff"

#: A span and whether it is an object: what one bar stands for.
Role = tuple[Place, bool]

#: Triples with the same subject, predicate and status, which share rails.
Group = Sequence[LocatedTriple]


class _Line(NamedTuple):
    """The baseline of the text and the lower edge of a line."""

    baseline: float
    bottom: float

    @property
    def text_top(self) -> float:
        return self.baseline - SIZE * 0.98


def draw_triples(
    text: str, triples: Sequence[LocatedTriple], notes: Sequence[str], width: float, label: str
) -> Drawing:
    """Draw a text and its triples in `width` pixels.

    Args:
        text: the text.
        triples: the triples to draw on it.
        notes: SVG elements, one for each line below it.
        width: the width of the lines.
        label: what the drawing shows, for screen readers.
    """
    ends = {(one.subject, False) for one in triples} | {(one.object, True) for one in triples}
    roles = sorted(ends)
    depths = _depths(roles)
    lines = lines_of(text, [place for place, _ in roles], width, SIZE)
    groups = _groups(triples)
    rails = [
        rail for place, group in enumerate(groups) for rail in _rails(place, group, lines, width)
    ]
    arrange(rails)
    measures = list(_measures(lines, rails, depths))
    parts = [*_marks(lines, depths, measures), *_drawn_rails(rails, groups, measures)]
    for line, measure in zip(lines.lines, measures, strict=True):
        parts += _text(line, measure)
    bottom = measures[-1].bottom if measures else 0.0
    rows = [*flowing(list(legend({one.status for one in triples})), width)]
    rows += [[(note, 0.0)] for note in notes]
    for row, items in enumerate(rows):
        y = bottom + NOTE * (row + 0.9)
        parts += [element("g", item, transform=f"translate({x:.0f},{y:.0f})") for item, x in items]
    right = [piece.right for line in lines.lines for piece in line]
    used = max([0.0, *right, *(rail.extent[1] for rail in rails)])
    one_line = len(lines.lines) == 1 and not lines.right_to_left and len(rows) == 1
    total = max(used, 300.0) if one_line else max(used, width)
    return Drawing(total, bottom + NOTE * len(rows) + 6, "".join(parts), label)


def _groups(triples: Sequence[LocatedTriple]) -> list[Group]:
    groups: dict[tuple[Place, str, str], list[LocatedTriple]] = {}
    for one in triples:
        groups.setdefault((one.subject, one.triple.predicate, one.status), []).append(one)
    return list(groups.values())


def _rails(place: int, group: Group, lines: TextLines, width: float) -> Iterator[Rail]:
    first = group[0]
    spans = [(first.subject, False), *((one.object, True) for one in group)]
    drops = [Drop(span, _widest(lines, span), is_object) for span, is_object in spans]
    sign = STATUSES[first.status].sign + " " if first.status else ""
    subject, predicate, _ = first.triple.words
    yield from rails_of(place, predicate, subject, sign, drops, width, lines.right_to_left)


def _widest(lines: TextLines, span: Place) -> Stretch:
    return max(lines.stretches(*span), key=lambda stretch: stretch.right - stretch.left)


def _drawn_rails(
    rails: Sequence[Rail], groups: Sequence[Group], measures: Sequence[_Line]
) -> Iterator[str]:
    """Draw the rails; colors show the gold status or, without gold, the predicate."""
    predicates = list(dict.fromkeys(group[0].triple.predicate for group in groups))
    for rail in rails:
        group = groups[rail.group]
        lower = [one for one in rails if one.line == rail.line and one.lane < rail.lane]
        color = colors.PALETTE[predicates.index(group[0].triple.predicate) % len(colors.PALETTE)]
        dashes = None
        if group[0].status:
            color, dashes, _ = STATUSES[group[0].status]
        told = "\n".join(one.in_words() for one in group)
        yield draw_rail(rail, lower, measures[rail.line].text_top, color, dashes, told)


def _depths(roles: Sequence[Role]) -> dict[Role, int]:
    """Return how far below the text each span's bar is: short ones first, without overlap."""
    depths: dict[Role, int] = {}
    for role in sorted(roles, key=lambda role: (role[0][1] - role[0][0], role)):
        (start, end), _ = role
        taken = {
            depth for ((first, last), _), depth in depths.items() if first < end and start < last
        }
        depths[role] = next(depth for depth in range(len(roles)) if depth not in taken)
    return depths


def _measures(lines: TextLines, rails: Sequence[Rail], depths: dict[Role, int]) -> Iterator[_Line]:
    deepest = [0] * len(lines.lines)
    for (span, _), depth in depths.items():
        for stretch in lines.stretches(*span):
            deepest[stretch.line] = max(deepest[stretch.line], depth + 1)
    top = 0.0
    for line, deep in enumerate(deepest):
        lanes = max((rail.lane + 1 for rail in rails if rail.line == line), default=0)
        baseline = top + (lanes * LANE + LOWEST + 5 if lanes else 0) + SIZE
        bottom = baseline + max(LINE - SIZE, 8 + deep * BAR + (8 if lanes else 0))
        yield _Line(baseline, bottom)
        top = bottom


def _marks(lines: TextLines, depths: dict[Role, int], measures: Sequence[_Line]) -> Iterator[str]:
    """Draw boxes behind the text and bars below it, first of all subjects, then of all objects."""
    for is_object, color in ((False, colors.SUBJECT), (True, colors.OBJECT)):
        boxes, bars = "", ""
        for (span, _), depth in ((role, depths[role]) for role in depths if role[1] == is_object):
            for stretch in lines.stretches(*span):
                line = measures[stretch.line]
                below = line.baseline + 5.5 + depth * BAR
                boxes += _box(stretch, line.text_top, below - line.text_top)
                bars += _box(stretch, below, 3)
        if boxes:
            yield element("path", d=boxes, fill=color, fill_opacity=0.13)
            yield element("path", d=bars, fill=color)


def _box(stretch: Stretch, top: float, height: float) -> str:
    """Return a box as part of a path; neighbors do not touch."""
    width = number(stretch.right - stretch.left - 1)
    return f"M{number(stretch.left + 0.5)} {number(top)}h{width}v{number(height)}h-{width}z"


def _text(line: Sequence[Piece], measure: _Line) -> Iterator[str]:
    """Draw one element for all Chinese characters, each with its position, and one per word."""
    centers, characters = [], ""
    for unit, left, right in line:
        if len(unit.text) == 1 and is_wide(unit.text) and unit.text <= LAST_OF_PLANE:
            centers.append(number((left + right) / 2))
            characters += unit.text
        elif not unit.is_space:
            yield fitted_text(left, measure.baseline, unit.text, SIZE, right - left)
    if characters:
        yield element(
            "text",
            plain(characters),
            x=" ".join(centers),
            y=measure.baseline,
            font_size=SIZE,
            text_anchor="middle",
        )
