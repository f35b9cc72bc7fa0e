"""Draws a graph: entities in boxes, relations as arrows with their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, text_at
from gplinker_tf.visualization._graph import Edge, Graph
from gplinker_tf.visualization._graph_layout import lay_out
from gplinker_tf.visualization._markup import element, number, plain
from gplinker_tf.visualization._text_width import ems, shortened_to

#: Pixels of a node's text, of its box's height, of the text on an edge.
SIZE, BOX, LABEL = 14.0, 28.0, 11.0

#: Pixels from the middle of each of two arrows that run both ways.
BESIDE = 8.0

#: Ems of an entity's name.
LONGEST = 12.0

#: Relations of an entity up to which the label of an arrow is in its middle.
FEW = 4


def draw_graph(graph: Graph, label: str, width: float) -> Drawing:
    """The drawing of a graph in so many pixels."""
    if not graph.names:
        return Drawing(300, 22, text_at(0, 14, "No triples.", 12, faint=True), label)
    sizes = np.array([[ems(_shown(name)) * SIZE + 20, BOX] for name in graph.names])
    pairs = [(edge.subject, edge.object) for edge in graph.edges if edge.subject != edge.object]
    boxes = lay_out(sizes, pairs, width)
    parts = [*_arrows(graph, boxes.centers, sizes)]
    parts += [
        _node(name, float(x), float(y), float(wide))
        for name, (x, y), (wide, _) in zip(graph.names, boxes.centers, sizes, strict=True)
    ]
    height = boxes.height + 8
    if graph.left_out:
        height += 20
        note = f"{graph.left_out:,} more entities are not drawn: see max_entities."
        parts.append(text_at(0, height - 8, note, 12, faint=True))
    content = element("g", *parts, transform="translate(2,2)")
    return Drawing(max(boxes.width + 4, 300), height, content, label)


def _arrows(graph: Graph, centers: np.ndarray, sizes: np.ndarray) -> Iterator[str]:
    predicates = Counter(name for edge in graph.edges for name, _ in edge.predicates)
    shades = {
        name: colors.PALETTE[number % len(colors.PALETTE)]
        for number, (name, _) in enumerate(predicates.most_common())
    }
    between = {(edge.subject, edge.object) for edge in graph.edges}
    degrees = Counter(end for edge in graph.edges for end in (edge.subject, edge.object))
    for edge in graph.edges:
        yield _arrow(
            edge,
            graph.names,
            centers,
            sizes,
            color=shades[edge.predicates[0][0]],
            aside=BESIDE if (edge.object, edge.subject) in between else 0.0,
            share=_share(degrees[edge.subject], degrees[edge.object]),
        )


def _shown(name: str) -> str:
    return shortened_to(name, LONGEST)


def _node(name: str, x: float, y: float, width: float) -> str:
    box = element(
        "rect",
        x=x - width / 2,
        y=y - BOX / 2,
        width=width,
        height=BOX,
        rx=BOX / 2,
        fill=colors.SUBJECT,
        fill_opacity=0.16,
        stroke=colors.SUBJECT,
        stroke_opacity=0.8,
    )
    text = text_at(x, y + SIZE * 0.36, _shown(name), SIZE, text_anchor="middle")
    return element("g", element("title", plain(name)), box, text)


def _arrow(
    edge: Edge,
    names: Sequence[str],
    centers: np.ndarray,
    sizes: np.ndarray,
    color: str,
    aside: float,
    share: float,
) -> str:
    """An arrow, so many pixels aside of the line between two centers, with a gap for its label
    after this share of it."""
    subject, object_ = names[edge.subject], names[edge.object]
    told = "\n".join(
        f"{subject} — {predicate} → {object_} ({counted(count, 'text')})"
        for predicate, count in edge.predicates
    )
    label = shortened_to(", ".join(predicate for predicate, _ in edge.predicates), 12)
    if edge.subject == edge.object:
        return element(
            "g", element("title", plain(told)), *_loop(centers[edge.subject], label, color)
        )
    begin = _border(edge.subject, edge.object, centers, sizes)
    end = _border(edge.object, edge.subject, centers, sizes)
    length = float(np.hypot(*(end - begin))) or 1.0
    unit = (end - begin) / length
    across = np.array([-unit[1], unit[0]])
    begin, end = begin + across * aside, end + across * aside
    middle, tip = begin + (end - begin) * share, end - unit * 3
    back = tip - unit * 8
    room = _room(unit, ems(label) * LABEL)
    lines = [(begin, back)] if room * 2 > length else []
    lines = lines or [(begin, middle - unit * room), (middle + unit * room, back)]
    curve = "".join(f"M{_at(first)}L{_at(last)}" for first, last in lines)
    path = element("path", d=curve, stroke=color, stroke_width=1.5)
    sides = back + across * 4, back - across * 4
    head = element("path", d=f"M{_at(tip)}L{_at(sides[0])}L{_at(sides[1])}z", fill=color)
    words = text_at(middle[0], middle[1] + 4, label, LABEL, text_anchor="middle")
    return element("g", element("title", plain(told)), path, head, words)


def _share(subject: int, object_: int) -> float:
    """Where on an arrow its label is: away from an entity with many, where arrows are dense."""
    if max(subject, object_) <= FEW:
        return 0.5
    return 0.68 if subject > object_ else 0.32 if object_ > subject else 0.5


def _room(unit: np.ndarray, width: float) -> float:
    """How far from its center a line in this direction has left a label."""
    return 1 / max(abs(unit[0]) / (width / 2 + 4), abs(unit[1]) / 8, 1e-6)


def _loop(center: np.ndarray, label: str, color: str) -> list[str]:
    x, y = center[0], center[1] - BOX / 2
    curve = f"M{number(x - 10)} {number(y)}c-12 -22 32 -22 20 0"
    path = element("path", d=curve, fill="none", stroke=color, stroke_width=1.5)
    return [path, text_at(x, y - 18, label, LABEL, text_anchor="middle")]


def _border(node: int, other: int, centers: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Where the line to another node leaves this node's box."""
    line = centers[other] - centers[node]
    reach = np.abs(line) / (sizes[node] / 2)
    return centers[node] + line / max(float(reach.max()), 1e-6)


def _at(spot: np.ndarray) -> str:
    return f"{number(float(spot[0]))} {number(float(spot[1]))}"
