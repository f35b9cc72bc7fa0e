"""doccano's export format for sequence labeling with relations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import number_of, objects_of, text_of, type_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record
from gplinker_tf.data.formats.spans import UNTYPED, Entities, span_at


class Doccano(JsonObjects):
    """Entities and relations next to the text or, before doccano 1.7, under `label`.

    Source: https://doccano.github.io/doccano.
    """

    name = "doccano"
    title = "doccano's entities and relations"
    looks_like = '{"text": ..., "entities": [{"start_offset": 0, ...}], "relations": [...]}'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        has_text = not row.keys().isdisjoint({"text", "data"})
        return has_text and _annotation(row).keys() >= {"entities", "relations"}

    def text(self, row: dict[str, Any], place: Place) -> str:
        return text_of(row, "text" if "text" in row else "data", place)

    def record(self, row: dict[str, Any], place: Place) -> Record:
        text, annotation, entities = self.text(row, place), _annotation(row), Entities(place)
        for entity in objects_of(annotation, "entities", place):
            offsets = (
                number_of(entity, "start_offset", place),
                number_of(entity, "end_offset", place),
            )
            type_ = type_of(entity, "label", place)
            span = span_at(text, offsets, "" if type_ == UNTYPED else type_, place)
            entities.add(number_of(entity, "id", place), span)
        triples = tuple(
            entities.triple(
                number_of(relation, "from_id", place),
                text_of(relation, "type", place),
                number_of(relation, "to_id", place),
            )
            for relation in objects_of(annotation, "relations", place)
        )
        return Record(place, place.number, text, triples, entities.spans)


def _annotation(row: dict[str, Any]) -> dict[str, Any]:
    label = row.get("label")
    return label if isinstance(label, dict) else row
