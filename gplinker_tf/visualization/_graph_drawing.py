"""Draws a graph: entities in boxes, relations as arrows with their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._arrow_drawing import ArrowDrawing
from gplinker_tf.visualization._drawing import Drawing, text_at
from gplinker_tf.visualization._graph import Edge, Graph
from gplinker_tf.visualization._graph_layout import lay_out
from gplinker_tf.visualization._markup import element, plain
from gplinker_tf.visualization._text_width import ems, shortened_to

#: Pixels of an entity's text and of the height of its box.
SIZE, BOX = 14.0, 28.0

#: Pixels that each of two opposite arrows is off the middle.
BESIDE = 8.0

#: Maximum ems of an entity's name and of an arrow's label.
LONGEST = 12.0


def draw_graph(graph: Graph, label: str, width: float) -> Drawing:
    """Draw a graph in `width` pixels."""
    if not graph.names:
        return Drawing(300, 22, text_at(0, 14, "No triples.", 12, faint=True), label)
    sizes = np.array([[ems(_shown(name)) * SIZE + 20, BOX] for name in graph.names])
    pairs = [(edge.subject, edge.object) for edge in graph.edges if edge.subject != edge.object]
    boxes = lay_out(sizes, pairs, width)
    parts = [*_arrows(graph, ArrowDrawing(boxes.centers, sizes))]
    parts += [
        _node(name, float(x), float(y), float(wide))
        for name, (x, y), (wide, _) in zip(graph.names, boxes.centers, sizes, strict=True)
    ]
    height = boxes.height + 8
    if graph.left_out:
        height += 24
        note = f"{graph.left_out:,} more entities are not drawn: see max_entities."
        parts.append(text_at(0, height - 8, note, 12, faint=True))
    content = element("g", *parts, transform="translate(2,2)")
    return Drawing(max(boxes.width + 4, 300), height, content, label)


def _arrows(graph: Graph, arrows: ArrowDrawing) -> Iterator[str]:
    predicates = Counter(name for edge in graph.edges for name, _ in edge.predicates)
    shades = {
        name: colors.PALETTE[number % len(colors.PALETTE)]
        for number, (name, _) in enumerate(predicates.most_common())
    }
    between = {(edge.subject, edge.object) for edge in graph.edges}
    for edge in graph.edges:
        label = shortened_to(", ".join(predicate for predicate, _ in edge.predicates), LONGEST)
        color = shades[edge.predicates[0][0]]
        if edge.subject == edge.object:
            arrow = arrows.loop(edge.subject, label, color)
        else:
            aside = BESIDE if (edge.object, edge.subject) in between else 0.0
            arrow = arrows.between(edge.subject, edge.object, label, color, aside)
        yield element("g", element("title", plain(_told(edge, graph))), *arrow)


def _told(edge: Edge, graph: Graph) -> str:
    subject, object_ = graph.names[edge.subject], graph.names[edge.object]
    return "\n".join(
        f"{subject} — {predicate} → {object_} ({counted(count, 'text')})"
        for predicate, count in edge.predicates
    )


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


def _shown(name: str) -> str:
    return shortened_to(name, LONGEST)
