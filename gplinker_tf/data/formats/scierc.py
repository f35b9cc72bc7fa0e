"""SciERC's format: the sentences of an abstract, with entities and relations by token indices."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import expect_unicode, list_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.token_text import TokenText
from gplinker_tf.structures import Triple


class SciERC(JsonObjects):
    """Documents as one text each; token indices run across sentences, and ends are inclusive.

    Source: http://nlp.cs.washington.edu/sciIE; DyGIE++ has the same format.
    """

    name = "scierc"
    title = "SciERC's documents"
    looks_like = '{"sentences": [["Ada", ...]], "ner": [[[0, 0, "Author"]]], "relations": [...]}'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        return row.keys() >= {"sentences", "relations"}

    def text(self, row: dict[str, Any], place: Place) -> str:
        return _tokens(row, place).text

    def record(self, row: dict[str, Any], place: Place) -> Record:
        tokens = _tokens(row, place)
        ner = _rows(row, "ner", 2, place) if "ner" in row else []
        types = {(first, last): type_ for (first, last), type_ in ner}
        entities = [tokens.span(first, last + 1, type_) for (first, last), type_ in ner]
        triples = []
        for numbers, predicate in _rows(row, "relations", 4, place):
            subject, object_ = (
                tokens.span(first, last + 1, types.get((first, last), ""))
                for first, last in (numbers[:2], numbers[2:])
            )
            triples.append(expect_words(Triple(subject, predicate, object_), place))
        return Record(place, place.number, tokens.text, tuple(triples), entities)


def _tokens(row: dict[str, Any], place: Place) -> TokenText:
    return TokenText(_joined(row, "sentences", place), place)


def _joined(row: dict[str, Any], key: str, place: Place) -> list[Any]:
    """Return the items of all sentences."""
    sentences = list_of(row, key, place)
    return [item for sentence in sentences for item in list_of({key: sentence}, key, place)]


def _rows(row: dict[str, Any], key: str, size: int, place: Place) -> list[tuple[list[int], str]]:
    """Return the token indices and the label of each item; scores after them are ignored."""
    rows = []
    for item in _joined(row, key, place):
        kinds = list(map(type, item))[: size + 1] if isinstance(item, list) else []
        if kinds != [int] * size + [str]:
            raise place.error(
                f"expected {size} token indices and a label in {key!r}. Received: {item!r:.60}."
            )
        rows.append((item[:size], expect_unicode(item[size], f"in {key!r}", place)))
    return rows
