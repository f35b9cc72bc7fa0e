"""TPLinker's format: relations with the offsets of both ends, and a list of entities."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import objects_of, offsets_in, text_of, type_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.spans import span_at
from gplinker_tf.data.span_faults import span_fault
from gplinker_tf.structures import Span, Triple

#: TPLinker's name for the type of an untyped entity.
NO_TYPE = "DEFAULT"


class TPLinker(JsonObjects):
    """Relations with offsets if given, and entity types from `entity_list` if given.

    Source: https://github.com/131250208/TPlinker-joint-extraction.
    """

    name = "tplinker"
    title = "TPLinker's relation_list"
    looks_like = '{"text": ..., "relation_list": [{"subject": ..., "subj_char_span": [0, 3], ...}]}'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        return row.keys() >= {"text", "relation_list"}

    def record(self, row: dict[str, Any], place: Place) -> Record:
        text, triples = self.text(row, place), []
        entities = _entities(row, text, place)
        types = {(entity.start, entity.end): entity.type for entity in entities}
        for relation in objects_of(row, "relation_list", place):
            subject, object_ = (
                _span(relation, word, offsets, text, types, place)
                for word, offsets in (("subject", "subj_char_span"), ("object", "obj_char_span"))
            )
            triple = Triple(subject, text_of(relation, "predicate", place), object_)
            triples.append(expect_words(triple, place))
        return Record(place, place.number, text, tuple(triples), entities)


def _entities(row: dict[str, Any], text: str, place: Place) -> list[Span]:
    """Return the entities, without offsets if the list has none or wrong ones."""
    if row.get("entity_list") is None:
        return []
    entities = []
    for entity in objects_of(row, "entity_list", place):
        type_ = type_of(entity, "type", place)
        type_ = "" if type_ == NO_TYPE else type_
        word = text_of(entity, "text", place)
        span = Span(word, type=type_)
        if entity.get("char_span") is not None:
            there = Span(word, *offsets_in(entity, "char_span", place), type_)
            # Wrong offsets here are no reason to lose the relations, which have their own.
            span = span if span_fault(text, there) else there
        entities.append(span)
    return entities


def _span(
    relation: dict[str, Any],
    word_key: str,
    offsets_key: str,
    text: str,
    types: dict[tuple[int | None, int | None], str],
    place: Place,
) -> Span:
    word = text_of(relation, word_key, place)
    if relation.get(offsets_key) is None or not word.strip():
        return Span(word)
    offsets = offsets_in(relation, offsets_key, place)
    return span_at(text, offsets, types.get(offsets, ""), place, word)
