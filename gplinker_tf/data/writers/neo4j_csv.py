"""Extractions as two CSV files for `neo4j-admin database import`."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.data.writers.csv_rows import csv_row
from gplinker_tf.data.writers.options import OutputOptions
from gplinker_tf.data.writers.rounding import rounded
from gplinker_tf.structures import Extraction, Span

NODE_COLUMNS = ("id:ID", "name", ":LABEL")
RELATIONSHIP_COLUMNS = (
    *(":START_ID", ":END_ID", ":TYPE", "score:float", "probability:float", "text"),
    *("subject_start:int", "subject_end:int", "object_start:int", "object_end:int"),
)


class Neo4jOutput(OutputFormat):
    """Nodes and relationships, in which entities with the same name and type are one node.

    A relationship is one triple of one text, with its scores, the text and the offsets. The ids
    of the nodes already written are kept in memory. Source:
    https://neo4j.com/docs/operations-manual/current/import/.
    """

    name = "neo4j-csv"
    title = "CSV for neo4j-admin import"
    files = ("nodes.csv", "relationships.csv")

    def __init__(self, options: OutputOptions | None = None) -> None:
        super().__init__(options)
        self._written: set[str] = set()

    def head(self) -> tuple[str, ...]:
        return csv_row(NODE_COLUMNS), csv_row(RELATIONSHIP_COLUMNS)

    def resume(self, files: Sequence[Path]) -> None:
        with files[0].open(encoding="utf-8", newline="") as nodes:
            self._written = {row[0] for row in islice(csv.reader(nodes), 1, None)}

    def parts(self, extraction: Extraction) -> tuple[str, ...]:
        nodes, relationships = [], []
        for triple in extraction.triples:
            nodes += [self._node(triple.subject), self._node(triple.object)]
            scores = map(rounded, (triple.score, triple.probability))
            relationships.append(
                csv_row(
                    (
                        *(_node_id(triple.subject), _node_id(triple.object), triple.predicate),
                        *(*scores, extraction.text, triple.subject.start, triple.subject.end),
                        *(triple.object.start, triple.object.end),
                    )
                )
            )
        return "".join(nodes), "".join(relationships)

    def _node(self, span: Span) -> str:
        """Return the row of an entity's node, or "" if it has been written already."""
        id_ = _node_id(span)
        if id_ in self._written:
            return ""
        self._written.add(id_)
        # A semicolon separates labels.
        labels = ";".join(["Entity", *filter(None, [span.type.replace(";", ",")])])
        return csv_row((id_, span.text, labels))


def _node_id(span: Span) -> str:
    """Return type and name, with colons in the type escaped, so that ids are unambiguous."""
    return f"{span.type.replace('%', '%25').replace(':', '%3A')}:{span.text}"
