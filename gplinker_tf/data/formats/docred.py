"""DocRED's format: documents of tokenized sentences, with entities and relations between them."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import (
    list_of,
    number_of,
    objects_of,
    offsets_in,
    text_of,
    type_of,
)
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record
from gplinker_tf.data.formats.spans import Entities
from gplinker_tf.data.formats.token_text import TokenText
from gplinker_tf.structures import Span, offsets_of


class DocRED(JsonObjects):
    """Documents as one text each, with relations between the first mentions of entities.

    Source: https://github.com/thunlp/DocRED; Re-DocRED has the same format.
    """

    name = "docred"
    title = "DocRED's documents"
    looks_like = '{"sents": [["Ada", "wrote", ...]], "vertexSet": [...], "labels": [...]}'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        return row.keys() >= {"sents", "vertexSet"}

    def text(self, row: dict[str, Any], place: Place) -> str:
        return _tokens(row, place)[0].text

    def record(self, row: dict[str, Any], place: Place) -> Record:
        tokens, starts = _tokens(row, place)
        entities, all_mentions = Entities(place), []
        for vertex in list_of(row, "vertexSet", place):
            mentions = objects_of({"vertexSet": vertex}, "vertexSet", place)
            spans = [_mention(mention, tokens, starts, place) for mention in mentions]
            if not spans:
                raise place.error("expected mentions of each entity. Received: an empty list.")
            # The first one in the text: the file may list mentions in any order.
            entities.add(len(entities), min(spans, key=offsets_of))
            all_mentions += spans
        triples = tuple(
            entities.triple(
                number_of(label, "h", place),
                text_of(label, "r", place),
                number_of(label, "t", place),
            )
            for label in objects_of(row, "labels", place)
        )
        return Record(place, place.number, tokens.text, triples, all_mentions)


def _mention(mention: dict[str, Any], tokens: TokenText, starts: list[int], place: Place) -> Span:
    sentence = number_of(mention, "sent_id", place)
    if not 0 <= sentence < len(starts):
        raise place.error(f"expected a 'sent_id' below {len(starts)}. Received: {sentence}.")
    first, behind = offsets_in(mention, "pos", place)
    type_ = type_of(mention, "type", place)
    return tokens.span(starts[sentence] + first, starts[sentence] + behind, type_)


def _tokens(row: dict[str, Any], place: Place) -> tuple[TokenText, list[int]]:
    """Return the tokens of all sentences, and the index of each sentence's first token."""
    tokens: list[Any] = []
    starts = []
    for sentence in list_of(row, "sents", place):
        starts.append(len(tokens))
        tokens += list_of({"sents": sentence}, "sents", place)
    return TokenText(tokens, place), starts
