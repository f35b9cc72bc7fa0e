"""The triples of many texts as one graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.structures import Example, Extraction
from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, text_at
from gplinker_tf.visualization._graph_layout import lay_out
from gplinker_tf.visualization._markup import element, number, plain
from gplinker_tf.visualization._text_width import ems, shortened_to
from gplinker_tf.visualization.picture import Picture, adapting

#: Pixels of a node's text, of its box's height, of the text on an edge.
SIZE, BOX, LABEL = 14.0, 28.0, 11.0

#: Pixels from the middle of each of two arrows that run both ways.
BESIDE = 8.0

#: Ems of an entity's name.
LONGEST = 12.0


class _Edge(NamedTuple):
    """The relations between two entities, by number, each with how many texts say so."""

    subject: int
    object: int
    predicates: tuple[tuple[str, int], ...]


class _Graph(NamedTuple):
    names: list[str]
    edges: list[_Edge]
    left_out: int


def show_graph(
    extractions: Iterable[Extraction | Example] | Extraction | Example,
    max_entities: int = 60,
) -> Picture:
    """The knowledge graph of texts: an entity is a node, a triple an arrow to its object.

    The same words in several texts are one node. A tooltip says in how many texts a triple stands.

    Args:
        extractions: texts with what was found in them, or annotated.
        max_entities: nodes that are drawn, those with the most neighbors and these with them; the
            picture says how many are left out.

    Returns:
        The picture.

    Example:

    >>> from gplinker_tf import Span, Triple
    >>> found = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> show_graph([Extraction("《喜剧之王》由周星驰主演", (found,))])
    Picture('2 entities, 1 relation')
    """
    if isinstance(extractions, (Extraction, Example)):
        extractions = [extractions]
    graph = _graph_of(extractions, max_entities)
    entities = f"{len(graph.names) + graph.left_out:,} entities"
    relations = counted(sum(len(edge.predicates) for edge in graph.edges), "relation")
    title = f"{entities}, {relations}"
    sizes = np.array([[ems(_shown(name)) * SIZE + 20, BOX] for name in graph.names])
    pairs = [(edge.subject, edge.object) for edge in graph.edges if edge.subject != edge.object]
    predicates = Counter(name for edge in graph.edges for name, _ in edge.predicates)
    shades = {
        name: colors.PALETTE[number % len(colors.PALETTE)]
        for number, (name, _) in enumerate(predicates.most_common())
    }
    asides = [BESIDE if (edge.object, edge.subject) in pairs else 0.0 for edge in graph.edges]

    def draw(width: float) -> Drawing:
        if not graph.names:
            return Drawing(300, 22, text_at(0, 14, "No triples.", 12, faint=True), title)
        boxes = lay_out(sizes.reshape(-1, 2), pairs, width)
        parts = [
            _arrow(edge, graph.names, boxes.centers, sizes, shades[edge.predicates[0][0]], aside)
            for edge, aside in zip(graph.edges, asides, strict=True)
        ]
        parts += [
            _node(name, *center, wide)
            for name, center, (wide, _) in zip(graph.names, boxes.centers, sizes, strict=True)
        ]
        height = boxes.height + 8
        if graph.left_out:
            height += 20
            note = f"{graph.left_out:,} entities with fewer triples are not drawn: max_entities."
            parts.append(text_at(0, height - 4, note, 12, faint=True))
        content = element("g", *parts, transform="translate(2,2)")
        return Drawing(max(boxes.width + 4, 300), height, content, title)

    return Picture(title, adapting(draw), draw)


def _graph_of(extractions: Iterable[Extraction | Example], most: int) -> _Graph:
    texts: Counter[tuple[str, str, str]] = Counter()
    for extraction in extractions:
        texts.update({triple.words for triple in extraction.triples})
    neighbors: dict[str, set[str]] = {}
    for subject, _, object_ in texts:
        neighbors.setdefault(subject, set()).add(object_)
        neighbors.setdefault(object_, set()).add(subject)
    names = _kept(neighbors, most)
    place = {name: number for number, name in enumerate(names)}
    between: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for (subject, predicate, object_), count in texts.items():
        if subject in place and object_ in place:
            between.setdefault((place[subject], place[object_]), []).append((predicate, count))
    edges = [_Edge(*ends, tuple(predicates)) for ends, predicates in between.items()]
    return _Graph(names, edges, len(neighbors) - len(names))


def _kept(neighbors: Mapping[str, set[str]], most: int) -> list[str]:
    """Entities with all their neighbors, those with the most first, as long as they fit."""
    kept: dict[str, None] = {}
    for name in sorted(neighbors, key=lambda name: (-len(neighbors[name]), name)):
        together = [name, *sorted(neighbors[name])]
        if len(kept.keys() | set(together)) <= most:
            kept.update(dict.fromkeys(together))
    return list(kept)


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
    edge: _Edge,
    names: Sequence[str],
    centers: np.ndarray,
    sizes: np.ndarray,
    color: str,
    aside: float,
) -> str:
    """An arrow, so many pixels aside of the line between two centers, with a gap for its label."""
    subject, object_ = names[edge.subject], names[edge.object]
    told = "\n".join(
        f"{subject} — {predicate} → {object_} ({counted(count, 'text')})"
        for predicate, count in edge.predicates
    )
    label = shortened_to(", ".join(predicate for predicate, _ in edge.predicates), 12)
    if edge.subject == edge.object:
        return element("g", element("title", plain(told)), *_loop(centers[edge.subject], label, color))
    begin = _border(edge.subject, edge.object, centers, sizes)
    end = _border(edge.object, edge.subject, centers, sizes)
    length = float(np.hypot(*(end - begin))) or 1.0
    unit = (end - begin) / length
    across = np.array([-unit[1], unit[0]])
    begin, end = begin + across * aside, end + across * aside
    middle, tip = (begin + end) / 2, end - unit * 3
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
