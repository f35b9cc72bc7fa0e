"""CasRel's format for NYT and WebNLG: a text and its triples as lists of three words."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import expect_unicode, list_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.structures import Span, Triple


class TripleList(JsonObjects):
    """Triples of words without offsets; the words are searched for in the text.

    Source: https://github.com/weizhepei/CasRel.
    """

    name = "triple-list"
    title = "CasRel's triple_list"
    looks_like = '{"text": ..., "triple_list": [["Ada", "wrote", "Tin"]]}'

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        return row.keys() >= {"text", "triple_list"}

    def record(self, row: dict[str, Any], place: Place) -> Record:
        triples = tuple(_triple(item, place) for item in list_of(row, "triple_list", place))
        return Record(place, place.number, self.text(row, place), triples)


def _triple(words: Any, place: Place) -> Triple:
    if not (isinstance(words, list) and list(map(type, words)) == [str] * 3):
        raise place.error(
            "expected [subject, predicate, object] in 'triple_list', three strings. "
            f"Received: {words!r:.60}."
        )
    subject, predicate, object_ = (expect_unicode(word, "in a triple", place) for word in words)
    return expect_words(Triple(Span(subject), predicate, Span(object_)), place)
