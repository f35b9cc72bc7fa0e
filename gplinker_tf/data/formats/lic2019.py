"""Objects of JSON: LIC2019's, DuIE 2.0's, and those that `gplinker extract` writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.span_faults import span_fault
from gplinker_tf.structures import Span, Triple

#: DuIE 2.0's slot that holds the object itself.
VALUE = "@value"


def json_object(line: str, place: Place) -> dict[str, Any]:
    """The JSON object that a line is."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        shown = line if len(line) <= 60 else line[:60] + "..."
        raise place.error(
            f"expected a JSON object. Received: {shown!r} ({error}). The format is one object "
            "per line, and `jq -c .` puts an object that spans several lines on one line. Fix "
            "or remove the line."
        ) from error
    if not isinstance(value, dict):
        raise place.error(
            f"expected a JSON object. Received: {type(value).__name__}. "
            'Write {"text": ..., "spo_list": [...]} on each line.'
        )
    return value


def text_of(row: dict[str, Any], key: str, place: Place) -> str:
    """The string under a key, which must be there and valid Unicode."""
    value = row.get(key)
    if not isinstance(value, str):
        received = "none" if key not in row else repr(value)
        raise place.error(f"expected a string under {key!r}. Received: {received}.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise place.error(
            f"expected Unicode text under {key!r}. Received: half a surrogate pair at character "
            f"{error.start}. Write the complete character, or remove it."
        ) from error
    return value


def slots_of(value: Any) -> dict[str, Any]:
    """DuIE 2.0's slots, `@value` first; what is no object is the only slot.

    Example:

    >>> slots_of({"inWork": "红楼梦", "@value": "晴雯"}), slots_of("晴雯")
    ({'@value': '晴雯', 'inWork': '红楼梦'}, {'@value': '晴雯'})
    """
    if not isinstance(value, dict):
        return {VALUE: value}
    return {slot: value[slot] for slot in sorted(value, key=lambda slot: slot != VALUE)}


def slot_predicate(predicate: str, slot: str) -> str:
    """The predicate that a slot becomes, as in the baseline of DuIE 2.0.

    Example:

    >>> slot_predicate("配音", "@value"), slot_predicate("配音", "inWork")
    ('配音', '配音_inWork')
    """
    return predicate if slot == VALUE else f"{predicate}_{slot}"


def record_of(row: dict[str, Any], place: Place) -> Record:
    """What an annotated object says.

    Args:
        row: the object.
        place: its first line.

    Raises:
        InputError: it is none of LIC2019's or DuIE 2.0's.
    """
    text = text_of(row, "text", place)
    spo_list = row.get("spo_list")
    if not isinstance(spo_list, list):
        received = "none" if "spo_list" not in row else type(spo_list).__name__
        raise place.error(
            f"expected a list of triples under 'spo_list'. Received: {received}. "
            "A text without triples has an empty list."
        )
    typed = [found for item in spo_list for found in _typed_triples(item, text, place)]
    triples, types = zip(*typed, strict=True) if typed else ((), ())
    return Record(place, place.number, text, triples, types)


def _typed_triples(item: Any, text: str, place: Place) -> Iterator[tuple[Triple, tuple[str, str]]]:
    if not isinstance(item, dict):
        raise place.error(
            "expected a triple as an object with subject, predicate and object. "
            f"Received: {type(item).__name__}."
        )
    predicate = text_of(item, "predicate", place)
    subject = _span(item, "subject", text_of(item, "subject", place), text, place)
    score, subject_type = _score(item, place), _words(item, "subject_type", place).get(VALUE, "")
    types = _words(item, "object_type", place)
    if isinstance(item.get("object"), dict):
        text_of(item["object"], VALUE, place)
        objects = _words(item, "object", place)
    else:
        objects = {VALUE: text_of(item, "object", place)}
    for slot, word in objects.items():
        # A slot may be there and empty; the object itself may not, and offsets are its own.
        if slot == VALUE:
            object_ = _span(item, "object", word, text, place)
        elif word.strip():
            object_ = Span(word)
        else:
            continue
        triple = Triple(subject, slot_predicate(predicate, slot), object_, score)
        yield expect_words(triple, place), (subject_type, types.get(slot, ""))


def _words(item: dict[str, Any], key: str, place: Place) -> dict[str, str]:
    """The strings of all slots under a key, without those that are null."""
    value = item.get(key)
    if isinstance(value, dict):
        return {s: text_of(value, s, place) for s in slots_of(value) if value[s] is not None}
    return {} if value is None else {VALUE: text_of(item, key, place)}


def _score(item: dict[str, Any], place: Place) -> float | None:
    score = item.get("score")
    if score is None:
        return None
    # JSON's integers have no bound, and Python reads NaN and Infinity as JSON too.
    if type(score) not in (int, float) or not abs(score) <= sys.float_info.max:
        shown = repr(score) if isinstance(score, (str, float)) else type(score).__name__
        raise place.error(
            f"expected a finite number under 'score'. Received: {shown}. Fix or remove it."
        )
    return float(score)


def _span(item: dict[str, Any], role: str, word: str, text: str, place: Place) -> Span:
    """The word with the offsets that it is given, if it is, which must be its own."""
    offsets = item.get(f"{role}_span")
    if offsets is None or not word.strip():
        return Span(word)
    if not (isinstance(offsets, list) and list(map(type, offsets)) == [int, int]):
        raise place.error(f"expected [start, end] under '{role}_span'. Received: {offsets!r}.")
    span = Span(word, *offsets)
    if fault := span_fault(text, span):
        raise place.error(f"under '{role}_span' {fault}")
    return span
