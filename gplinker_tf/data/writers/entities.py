"""Extractions as entities alone: the spans with their types, without relations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.writers.json_rows import JsonRows
from gplinker_tf.structures import Extraction, Span, offsets_of


class EntitiesOutput(JsonRows):
    """A line of JSON per text with the entities that take part in its triples, at all places."""

    name = "entities"
    title = "JSON lines of entities"

    def row(self, extraction: Extraction) -> dict[str, Any]:
        return {"text": extraction.text, "entities": list(map(_entity, extraction.entities))}


def _entity(span: Span) -> dict[str, Any]:
    start, end = offsets_of(span)
    type_ = {"type": span.type} if span.type else {}
    return {"text": span.text, **type_, "start": start, "end": end}
