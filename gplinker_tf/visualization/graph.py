"""The triples of many texts as one graph."""

from __future__ import annotations

from collections.abc import Iterable

from gplinker_tf._counted import counted
from gplinker_tf.structures import Example, Extraction
from gplinker_tf.visualization._drawing import Drawing
from gplinker_tf.visualization._graph import graph_of
from gplinker_tf.visualization._graph_drawing import draw_graph
from gplinker_tf.visualization.picture import Picture, adapting


def show_graph(
    extractions: Iterable[Extraction | Example] | Extraction | Example,
    max_entities: int = 60,
) -> Picture:
    """Draw the knowledge graph of texts: entities are nodes, triples are arrows to their objects.

    The same words in several texts are one node. Tooltips say how many texts have a triple.

    Args:
        extractions: texts with found or annotated triples.
        max_entities: the maximum number of nodes: those with the most neighbors, each with all its
            neighbors; the picture says how many are left out.

    Returns:
        The picture.

    Raises:
        TypeError: one of them is not an extraction, but for example a plain text.

    Example:

    >>> from gplinker_tf import Span, Triple
    >>> found = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> show_graph([Extraction("《喜剧之王》由周星驰主演", (found,))])
    Picture('2 entities, 1 relation')
    """
    if isinstance(extractions, (Extraction, Example)):
        extractions = [extractions]
    graph = graph_of(extractions, max_entities)
    entities = f"{len(graph.names) + graph.left_out:,} entities"
    relations = counted(graph.triples, "relation")
    title = f"{entities}, {relations}"

    def draw(width: float) -> Drawing:
        return draw_graph(graph, title, width)

    return Picture(title, adapting(draw), draw)
