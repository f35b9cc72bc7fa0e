"""Entities and relations of many texts, and which of them are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gplinker_tf.structures import Example, Extraction


class Edge(NamedTuple):
    """The relations between two entities, by index, each with the number of texts it occurs in."""

    subject: int
    object: int
    predicates: tuple[tuple[str, int], ...]


class Graph(NamedTuple):
    """The names of the drawn entities and the relations between them, the number of distinct
    triples, and the number of entities left out."""

    names: list[str]
    edges: list[Edge]
    triples: int
    left_out: int


def graph_of(extractions: Iterable[Extraction | Example], most: int) -> Graph:
    """Return the graph of texts, with at most `most` entities to draw."""
    texts: Counter[tuple[str, str, str]] = Counter()
    for extraction in extractions:
        if not isinstance(extraction, Extraction | Example):
            raise TypeError(
                f"Expected extractions. Received: {type(extraction).__name__}. Extract first: "
                "show_graph(extractor(texts))."
            )
        texts.update(list(dict.fromkeys(triple.words for triple in extraction.triples)))
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
    edges = [Edge(*ends, tuple(predicates)) for ends, predicates in between.items()]
    return Graph(names, edges, len(texts), len(neighbors) - len(names))


def _kept(neighbors: Mapping[str, set[str]], most: int) -> list[str]:
    """Return entities with all their neighbors, most neighbors first, as long as they fit."""
    kept: dict[str, None] = {}
    for name in sorted(neighbors, key=lambda name: (-len(neighbors[name]), name)):
        together = [name, *sorted(neighbors[name])]
        if len(kept.keys() | set(together)) <= most:
            kept.update(dict.fromkeys(together))
    return list(kept)
