"""Draws a text with its triples: marks on the spans, rails above the lines, a legend below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, text_at
from gplinker_tf.visualization._located import (
    CORRECT,
    MISSED,
    SPURIOUS,
    UNJUDGED,
    LocatedTriple,
    Place,
)
from gplinker_tf.visualization._markup import element, number, plain
from gplinker_tf.visualization._rails import LABEL, LANE, Drop, Rail, arrange, rails_of
from gplinker_tf.visualization._text_lines import Piece, Stretch, TextLines, lines_of
from gplinker_tf.visualization._text_width import ems

#: Pixels of text, of a line without rails, of a bar below a span, of a line of the legend.
SIZE, LINE, BAR, NOTE = 17.0, 30.0, 4.5, 20.0

#: Pixels of a rail's corners, and above a text's upper edge where its drops end.
CORNER, CLEAR = 6.0, 3.0

#: Line colors, dashes and signs of what gold says.
STATUSES = {
    CORRECT: (colors.CORRECT, None, "✓"),
    MISSED: (colors.MISSED, "5 3", "○"),
    SPURIOUS: (colors.SPURIOUS, "1.5 3", "✗"),
}

#: A span and whether it is an object's: what one bar stands for.
Role = tuple[Place, bool]


class _Line(NamedTuple):
    """Vertical measures of a line: its upper edge, the text's baseline, its lower edge."""

    top: float
    baseline: float
    bottom: float

    @property
    def text_top(self) -> float:
        return self.baseline - SIZE * 0.98


def draw_triples(
    text: str, triples: Sequence[LocatedTriple], notes: Sequence[str], width: float, label: str
) -> Drawing:
    """The drawing of a text and its triples in so many pixels.

    Args:
        text: the text.
        triples: what is drawn on it.
        notes: what is said below it.
        width: of the lines.
        label: for readers who do not see it.
    """
    roles = sorted(
        {(one.subject, False) for one in triples} | {(one.object, True) for one in triples}
    )
    lines = lines_of(text, [place for place, _ in roles], width, SIZE)
    groups = _groups(triples)
    rails = [
        rail
        for number, group in enumerate(groups)
        for rail in _rails(number, group, lines, width)
    ]
    arrange(rails)
    depths = _depths(roles)
    measures = list(_measures(lines, rails, roles, depths))
    parts = [*_marks(lines, roles, depths, measures)]
    for rail in rails:
        above = [one for one in rails if one.line == rail.line and one.lane < rail.lane]
        parts.append(_rail(rail, groups[rail.group], _color(rail.group, groups), above, measures))
    parts += [_text(piece, measures[n]) for n, line in enumerate(lines.lines) for piece in line]
    bottom = measures[-1].bottom if measures else 0.0
    legend = list(_legend({one.status for one in triples}))
    rows = list(_flowing(legend, width)) + [[(note, 0.0)] for note in notes]
    for row, items in enumerate(rows):
        y = bottom + NOTE * (row + 0.9)
        parts += [element("g", item, transform=f"translate({x:.0f},{y:.0f})") for item, x in items]
    used = max((piece.right for line in lines.lines for piece in line), default=0.0)
    used = max([used, *(rail.extent[1] for rail in rails)])
    fits = len(lines.lines) == 1 and not lines.right_to_left and not rows[1:]
    total = max(used, 300.0) if fits else max(used, width)
    return Drawing(total, bottom + NOTE * len(rows) + 6, "".join(parts), label)


def _groups(triples: Sequence[LocatedTriple]) -> list[list[LocatedTriple]]:
    """Triples with the same subject, predicate and status."""
    groups: dict[tuple[Place, str, str], list[LocatedTriple]] = {}
    for one in triples:
        groups.setdefault((one.subject, one.triple.predicate, one.status), []).append(one)
    return list(groups.values())


def _rails(
    number: int, group: Sequence[LocatedTriple], lines: TextLines, width: float
) -> Iterator[Rail]:
    first = group[0]
    spans = [(first.subject, False), *((one.object, True) for one in group)]
    drops = [Drop(span, _widest(lines, span), is_object) for span, is_object in spans]
    sign = STATUSES[first.status][2] + " " if first.status else ""
    subject, predicate, _ = first.triple.words
    yield from rails_of(number, predicate, subject, sign, drops, width, lines.right_to_left)


def _widest(lines: TextLines, span: Place) -> Stretch:
    return max(lines.stretches(*span), key=lambda stretch: stretch.right - stretch.left)


def _color(group: int, groups: Sequence[Sequence[LocatedTriple]]) -> tuple[str, str | None]:
    """Color and dashes of a group: by what gold says, else by predicate."""
    first = groups[group][0]
    if first.status:
        return STATUSES[first.status][:2]
    predicates = list(dict.fromkeys(one[0].triple.predicate for one in groups))
    return colors.PALETTE[predicates.index(first.triple.predicate) % len(colors.PALETTE)], None


def _depths(roles: Sequence[Role]) -> dict[Role, int]:
    """How far below the text each span's bar is: short ones first, none over another."""
    depths: dict[Role, int] = {}
    for role in sorted(roles, key=lambda role: (role[0][1] - role[0][0], role)):
        (start, end), _ = role
        taken = {
            depth for ((first, last), _), depth in depths.items() if first < end and start < last
        }
        depths[role] = next(depth for depth in range(len(roles)) if depth not in taken)
    return depths


def _measures(
    lines: TextLines, rails: Sequence[Rail], roles: Sequence[Role], depths: dict[Role, int]
) -> Iterator[_Line]:
    deepest = [0] * len(lines.lines)
    for role in roles:
        for stretch in lines.stretches(*role[0]):
            deepest[stretch.line] = max(deepest[stretch.line], depths[role] + 1)
    top = 0.0
    for line in range(len(lines.lines)):
        lanes = max((rail.lane + 1 for rail in rails if rail.line == line), default=0)
        baseline = top + lanes * LANE + (20 if lanes else 0) + SIZE
        bottom = baseline + max(LINE - SIZE, 8 + deepest[line] * BAR + (8 if lanes else 0))
        yield _Line(top, baseline, bottom)
        top = bottom


def _marks(
    lines: TextLines, roles: Sequence[Role], depths: dict[Role, int], measures: Sequence[_Line]
) -> Iterator[str]:
    for role in roles:
        color = colors.OBJECT if role[1] else colors.SUBJECT
        for stretch in lines.stretches(*role[0]):
            line = measures[stretch.line]
            x, wide = stretch.left + 0.5, stretch.right - stretch.left - 1
            top, below = line.text_top, line.baseline + 5.5 + depths[role] * BAR
            yield element(
                *("rect",), x=x, y=top, width=wide, height=below - top, fill=color,
                fill_opacity=0.13, rx=2,
            )  # fmt: skip
            yield element("rect", x=x, y=below, width=wide, height=3, fill=color, rx=1.5)


def _rail(
    rail: Rail,
    group: Sequence[LocatedTriple],
    style: tuple[str, str | None],
    lower: Sequence[Rail],
    measures: Sequence[_Line],
) -> str:
    line, (color, dashes) = measures[rail.line], style
    floor = line.text_top - CLEAR
    y = line.text_top - rail.height
    paths = [_horizontal(rail, y)]
    heads = []
    for drop in rail.drops:
        at_end = drop.x in rail.ends
        paths.append(_vertical(drop.x, y + (CORNER if at_end else 0), floor, lower, line.text_top))
        if drop.is_object:
            tip = f"M{number(drop.x - 3.5)} {number(floor - 6)}h7l-3.5 6.5z"
            heads.append(element("path", d=tip, fill=color))
        else:
            heads.append(element("circle", cx=drop.x, cy=floor - 1, r=2.6, fill=color))
    path = element(
        "path", d="".join(paths), fill="none", stroke=color, stroke_width=1.6,
        stroke_dasharray=dashes,
    )  # fmt: skip
    label = text_at(
        rail.text_x - rail.label_width / 2, y - 4, rail.label, LABEL,
        textLength=rail.label_width, lengthAdjust="spacingAndGlyphs",
    )  # fmt: skip
    return element("g", element("title", plain(_told(group))), path, *heads, label)


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
    """A drop, with gaps where it would run through the label of a rail below."""
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


def _told(group: Sequence[LocatedTriple]) -> str:
    """The tooltip: each triple with what is known of it."""
    return "\n".join(map(_told_of, group))


def _told_of(one: LocatedTriple) -> str:
    subject, predicate, object_ = one.triple.words
    facts = [one.status] if one.status else []
    if one.triple.score is not None:
        facts.append(f"score {one.triple.score:.2f}")
    if one.triple.lowest_score is not None:
        facts.append(f"lowest term {one.triple.lowest_score:.2f}")
    if one.triple.probability is not None:
        facts.append(f"probability {one.triple.probability:.2f}")
    said = f" ({', '.join(facts)})" if facts else ""
    return f"{subject} — {predicate} → {object_}{said}"


def _text(piece: Piece, line: _Line) -> str:
    unit, width = piece.unit, piece.right - piece.left
    single = len(unit.text) == 1
    return "" if unit.is_space else element(
        "text",
        plain(unit.text),
        x=(piece.left + piece.right) / 2 if single else piece.left,
        y=line.baseline,
        font_size=SIZE,
        text_anchor="middle" if single else None,
        textLength=None if single else width,
        lengthAdjust=None if single else "spacingAndGlyphs",
    )


def _legend(statuses: set[str]) -> Iterator[tuple[str, float]]:
    """What colors and lines mean, each with its width."""
    if not statuses:
        return
    for name, color in (("subject", colors.SUBJECT), ("object", colors.OBJECT)):
        box = element("rect", width=14, height=10, y=-10, fill=color, fill_opacity=0.16, rx=2)
        bar = element("rect", width=14, height=3, y=-1, fill=color, rx=1.5)
        yield box + bar + text_at(20, 0, name, LABEL, faint=True), 20 + ems(name) * LABEL
    for status, (color, dashes, sign) in STATUSES.items():
        if status in statuses - {UNJUDGED}:
            line = element(
                "path", d="M0 -4h22", stroke=color, stroke_width=2, stroke_dasharray=dashes
            )
            name = f"{sign} {status}"
            yield line + text_at(28, 0, name, LABEL, faint=True), 28 + ems(name) * LABEL


def _flowing(
    items: Sequence[tuple[str, float]], width: float
) -> Iterator[list[tuple[str, float]]]:
    """Items in rows, each with its place from the left."""
    places, x, row = [], 0.0, 0
    for item, wide in items:
        if x and x + wide > width:
            x, row = 0.0, row + 1
        places.append((row, item, x))
        x += wide + 14
    for _, row_items in groupby(places, key=lambda place: place[0]):
        yield [(item, x) for _, item, x in row_items]
