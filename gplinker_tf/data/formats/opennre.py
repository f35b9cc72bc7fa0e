"""OpenNRE's format: one relation between `h` and `t` per object, or a list of such relations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import (
    list_of,
    object_of,
    objects_of,
    offsets_in,
    text_of,
    type_of,
)
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.spans import span_at
from gplinker_tf.data.formats.token_text import TokenText
from gplinker_tf.structures import Span, Triple

#: OpenNRE's relation names for entities without a relation.
NO_RELATION = ("NA", "Other", "no_relation", "unknown")


class OpenNRE(JsonObjects):
    """Objects with `relation`, `h` and `t`, or with a list of such objects under `spo_list`.

    `h` and `t` have a `name` and `pos`, which counts characters of `text`, or tokens if there is a
    list `token` instead of `text`; in some of OpenNRE's files, the end is inclusive. Source:
    https://github.com/thunlp/OpenNRE.
    """

    name = "opennre"
    title = "OpenNRE's relations between h and t"
    looks_like = '{"text": ..., "relation": ..., "h": {"name": ..., "pos": [0, 3]}, "t": {...}}'
    has_offsets = True
    has_types = True
    has_entities = True
    merges_texts = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        relations = row.get("spo_list")
        if isinstance(relations, list) and relations:
            return isinstance(relations[0], dict) and relations[0].keys() >= {"h", "t"}
        return row.keys() >= {"h", "t", "relation"}

    def text(self, row: dict[str, Any], place: Place) -> str:
        return _tokens(row, place).text if "token" in row else text_of(row, "text", place)

    def record(self, row: dict[str, Any], place: Place) -> Record:
        tokens = _tokens(row, place) if "token" in row else None
        text = self.text(row, place)
        relations = objects_of(row, "spo_list", place) if "spo_list" in row else [row]
        triples, entities = [], []
        for relation in relations:
            ends = [_span(object_of(relation, end, place), text, tokens, place) for end in "ht"]
            entities += ends
            predicate = text_of(relation, "relation", place)
            if predicate not in NO_RELATION:
                triples.append(expect_words(Triple(ends[0], predicate, ends[1]), place))
        return Record(place, place.number, text, tuple(triples), entities)


def _tokens(row: dict[str, Any], place: Place) -> TokenText:
    return TokenText(list_of(row, "token", place), place)


def _span(end: dict[str, Any], text: str, tokens: TokenText | None, place: Place) -> Span:
    offsets, type_ = offsets_in(end, "pos", place), type_of(end, "type", place)
    name = text_of(end, "name", place)
    if tokens is not None:
        return tokens.span_named(*offsets, name, type_)
    return span_at(text, offsets, type_, place, name)
