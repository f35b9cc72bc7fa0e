"""SpERT's format, also used by PFN: tokens, entities, and relations between entity indices."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import list_of, number_of, objects_of, text_of, type_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record
from gplinker_tf.data.formats.spans import Entities
from gplinker_tf.data.formats.token_text import TokenText


class SpERT(JsonObjects):
    """Tokens are joined into a text, and token offsets are converted to character offsets.

    Source: https://github.com/lavis-nlp/spert; PFN distributes CoNLL04, ADE and SciERC in it.
    """

    name = "spert"
    title = "SpERT's tokens, entities and relations"
    looks_like = '{"tokens": ["Ada", ...], "entities": [{"start": 0, ...}], "relations": [...]}'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        return row.keys() >= {"tokens", "entities", "relations"} and "text" not in row

    def text(self, row: dict[str, Any], place: Place) -> str:
        return TokenText(list_of(row, "tokens", place), place).text

    def record(self, row: dict[str, Any], place: Place) -> Record:
        tokens = TokenText(list_of(row, "tokens", place), place)
        entities = Entities(place)
        for entity in objects_of(row, "entities", place):
            first, behind = number_of(entity, "start", place), number_of(entity, "end", place)
            span = tokens.span(first, behind, type_of(entity, "type", place))
            entities.add(len(entities), span)
        triples = tuple(
            entities.triple(
                number_of(relation, "head", place),
                text_of(relation, "type", place),
                number_of(relation, "tail", place),
            )
            for relation in objects_of(row, "relations", place)
        )
        return Record(place, place.number, tokens.text, triples, entities.spans)
