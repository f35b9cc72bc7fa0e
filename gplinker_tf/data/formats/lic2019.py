"""JSON objects in the formats of LIC2019, DuIE 2.0 and `gplinker extract`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import (
    number_of,
    objects_of,
    offsets_in,
    text_of,
    type_of,
)
from gplinker_tf.data.formats.other_programs import expect_own_format
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.spans import span_at
from gplinker_tf.data.span_faults import span_fault
from gplinker_tf.structures import Span, Triple

#: DuIE 2.0's slot that holds the object itself.
VALUE = "@value"


def slots_of(value: Any) -> dict[str, Any]:
    """Return DuIE 2.0's slots, `@value` first; a plain value becomes the only slot, `@value`.

    Example:

    >>> slots_of({"inWork": "红楼梦", "@value": "晴雯"}), slots_of("晴雯")
    ({'@value': '晴雯', 'inWork': '红楼梦'}, {'@value': '晴雯'})
    """
    if not isinstance(value, dict):
        return {VALUE: value}
    return {slot: value[slot] for slot in sorted(value, key=lambda slot: slot != VALUE)}


def slot_predicate(predicate: str, slot: str) -> str:
    """Return the predicate for a slot, as in the baseline of DuIE 2.0.

    Example:

    >>> slot_predicate("配音", "@value"), slot_predicate("配音", "inWork")
    ('配音', '配音_inWork')
    """
    return predicate if slot == VALUE else f"{predicate}_{slot}"


class Lic2019Objects(JsonObjects):
    """Abstract: objects with `text` and `spo_list`; a subclass separates them in the input."""

    looks_like = '{"text": ..., "spo_list": [{"subject": "Ada", "predicate": ..., "object": ...}]}'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        return row.keys() >= {"text", "spo_list"}

    def text(self, row: dict[str, Any], place: Place) -> str:
        if "text" not in row:
            expect_own_format(row, place, "text")
        return text_of(row, "text", place)

    def record(self, row: dict[str, Any], place: Place) -> Record:
        if "spo_list" not in row:
            expect_own_format(row, place, "spo_list")
        text = text_of(row, "text", place)
        spo_list = row.get("spo_list")
        if not isinstance(spo_list, list):
            received = "none" if "spo_list" not in row else type(spo_list).__name__
            raise place.error(
                f"expected a list of triples under 'spo_list'. Received: {received}. "
                "A text without triples has an empty list."
            )
        triples = tuple(triple for item in spo_list for triple in _triples(item, text, place))
        return Record(place, place.number, text, triples, _unlinked(row, text, place))


def _unlinked(row: dict[str, Any], text: str, place: Place) -> list[Span]:
    """Return the entities in no triple, as `gplinker extract --entities` writes them."""
    if row.get("unlinked") is None:
        return []
    entities = []
    for entity in objects_of(row, "unlinked", place):
        word, type_ = text_of(entity, "text", place), type_of(entity, "type", place)
        if entity.get("start") is None:
            entities.append(Span(word, type=type_))
        else:
            offsets = number_of(entity, "start", place), number_of(entity, "end", place)
            entities.append(span_at(text, offsets, type_, place, word))
    return entities


def _triples(item: Any, text: str, place: Place) -> Iterator[Triple]:
    if not isinstance(item, dict):
        raise place.error(
            "expected a triple as an object with subject, predicate and object. "
            f"Received: {type(item).__name__}."
        )
    if item.keys() >= {"h", "t"} and "subject" not in item:
        raise place.error(
            "expected triples with subject and object. Received: h and t. Pass --format opennre."
        )
    predicate = text_of(item, "predicate", place)
    score, types = _score(item, place), _words(item, "object_type", place)
    subject_type = _words(item, "subject_type", place).get(VALUE, "")
    subject = _span(item, "subject", text_of(item, "subject", place), subject_type, text, place)
    if isinstance(item.get("object"), dict):
        text_of(item["object"], VALUE, place)
        objects = _words(item, "object", place)
    else:
        objects = {VALUE: text_of(item, "object", place)}
    for slot, word in objects.items():
        # Other slots may be empty, but the object itself may not; only the object has offsets.
        type_ = types.get(slot, "")
        if slot == VALUE:
            object_ = _span(item, "object", word, type_, text, place)
        elif word.strip():
            object_ = Span(word, type=type_)
        else:
            continue
        triple = Triple(subject, slot_predicate(predicate, slot), object_, score)
        yield expect_words(triple, place)


def _words(item: dict[str, Any], key: str, place: Place) -> dict[str, str]:
    """Return the strings of all slots under a key, except those that are null."""
    value = item.get(key)
    if isinstance(value, dict):
        return {s: text_of(value, s, place) for s in slots_of(value) if value[s] is not None}
    return {} if value is None else {VALUE: text_of(item, key, place)}


def _score(item: dict[str, Any], place: Place) -> float | None:
    score = item.get("score")
    if score is None:
        return None
    # Integers in JSON are unbounded, and Python's parser also accepts NaN and Infinity.
    if type(score) not in (int, float) or not abs(score) <= sys.float_info.max:
        shown = repr(score) if isinstance(score, (str, float)) else type(score).__name__
        raise place.error(
            f"expected a finite number under 'score'. Received: {shown}. Fix or remove it."
        )
    return float(score)


def _span(item: dict[str, Any], role: str, word: str, type_: str, text: str, place: Place) -> Span:
    """Return the word as a span; offsets are optional, but must match the word."""
    key = f"{role}_span"
    if item.get(key) is None or not word.strip():
        return Span(word, type=type_)
    span = Span(word, *offsets_in(item, key, place), type_)
    if fault := span_fault(text, span):
        raise place.error(f"under {key!r} {fault}")
    return span
