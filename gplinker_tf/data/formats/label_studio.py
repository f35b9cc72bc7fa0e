"""Label Studio's export format: tasks with regions and relations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.json_values import (
    list_of,
    number_of,
    object_of,
    objects_of,
    text_of,
)
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record
from gplinker_tf.data.formats.spans import UNTYPED, Entities, span_at
from gplinker_tf.structures import Span, Triple

#: The keys of annotations, the current name first; predictions are used only if neither exists.
WORK = ("annotations", "completions", "predictions")


class LabelStudio(JsonObjects):
    """Tasks with annotations, of which the first one that was not skipped is read.

    Source: https://labelstud.io/guide/export.
    """

    name = "label-studio"
    title = "Label Studio's tasks"
    looks_like = '[{"data": {"text": ...}, "annotations": [{"result": [...]}]}]'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_object(self, row: dict[str, Any]) -> bool:
        return isinstance(row.get("data"), dict) and bool(row.keys() & set(WORK))

    def text(self, row: dict[str, Any], place: Place) -> str:
        data = object_of(row, "data", place)
        strings = [key for key, value in data.items() if isinstance(value, str)]
        key = "text" if "text" in data or len(strings) != 1 else strings[0]
        return text_of(data, key, place)

    def record(self, row: dict[str, Any], place: Place) -> Record:
        text, entities = self.text(row, place), Entities(place)
        results = objects_of(_finished(row, place), "result", place)
        for result in results:
            if span := _region(result, text, place):
                entities.add(text_of(result, "id", place), span)
        relations = [result for result in results if result.get("type") == "relation"]
        triples = [t for relation in relations for t in _triples(relation, entities, place)]
        return Record(place, place.number, text, tuple(triples), entities.spans)


def _finished(row: dict[str, Any], place: Place) -> dict[str, Any]:
    key = next((key for key in WORK if key in row), WORK[0])
    for work in objects_of(row, key, place):
        if not work.get("was_cancelled"):
            return work
    raise place.error(
        f"expected an annotation under {key!r}. Received: none that was submitted. Annotate the "
        "task, or export annotated tasks only."
    )


def _region(result: dict[str, Any], text: str, place: Place) -> Span | None:
    """Return the span of a labeled region, or `None` for other results, such as choices."""
    value = result.get("value")
    if not isinstance(value, dict) or "start" not in value:
        return None
    kind = result.get("type")
    # In hypertext, start and end are relative to a tag.
    at = object_of(value, "globalOffsets", place) if kind == "hypertextlabels" else value
    offsets = number_of(at, "start", place), number_of(at, "end", place)
    labels = list_of(value, kind, place) if isinstance(kind, str) and kind in value else []
    type_ = text_of({"labels": labels[0]}, "labels", place) if labels else ""
    word = text_of(value, "text", place) if value.get("text") is not None else None
    return span_at(text, offsets, "" if type_ == UNTYPED else type_, place, word)


def _triples(relation: dict[str, Any], entities: Entities, place: Place) -> Iterator[Triple]:
    ends = text_of(relation, "from_id", place), text_of(relation, "to_id", place)
    labels = relation.get("labels") or []
    if not isinstance(labels, list) or not labels:
        raise place.error(
            f"expected a label on each relation. Received: none, from {ends[0]!r} to {ends[1]!r}. "
            "Add <Relations> to the labeling interface and choose a label."
        )
    direction = relation.get("direction", "right")
    if direction not in ("right", "left", "bi"):
        raise place.error(
            f"expected right, left or bi under 'direction'. Received: {direction!r:.60}."
        )
    for label in labels:
        predicate = text_of({"labels": label}, "labels", place)
        if direction in ("right", "bi"):
            yield entities.triple(ends[0], predicate, ends[1])
        if direction in ("left", "bi"):
            yield entities.triple(ends[1], predicate, ends[0])
