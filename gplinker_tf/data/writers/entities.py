"""Extractions as entities with their types, without relations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.writers.json_rows import JsonRows
from gplinker_tf.structures import Extraction, Span


class EntitiesOutput(JsonRows):
    """One line of JSON per text with all mentions of entities, in triples and unlinked."""

    name = "entities"
    title = "JSON lines of entities"
    has_entities = True

    def row(self, extraction: Extraction) -> dict[str, Any]:
        return {"text": extraction.text, "entities": list(map(entity_row, extraction.entities))}


def entity_row(span: Span) -> dict[str, Any]:
    """Return the JSON object of an entity, with its offsets if it has any.

    Example:

    >>> entity_row(Span("Ada", 0, 3, "person"))
    {'text': 'Ada', 'type': 'person', 'start': 0, 'end': 3}
    """
    type_ = {"type": span.type} if span.type else {}
    offsets = {} if span.start is None else {"start": span.start, "end": span.end}
    return {"text": span.text, **type_, **offsets}
