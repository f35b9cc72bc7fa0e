"""Extractions in Label Studio's import format: tasks with predictions to correct."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gplinker_tf.data.formats.spans import UNTYPED
from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.data.writers.mentions import mentions_of
from gplinker_tf.data.writers.options import OutputOptions
from gplinker_tf.data.writers.rounding import rounded
from gplinker_tf.structures import Extraction, Span, Triple, offsets_of

#: The tags that the project must have: <Labels name="label" toName="text"> and
#: <Text name="text" value="$text">, as in Label Studio's own template.
TAGS = {"from_name": "label", "to_name": "text"}


class LabelStudioOutput(OutputFormat):
    """A JSON array of tasks, one per line, with predicted entities and relations.

    Tasks can be sorted by the score of their prediction. It is the lowest probability of a triple,
    or the lowest score if there are no probabilities. Source: https://labelstud.io/guide/predictions.
    """

    name = "label-studio"
    title = "Label Studio's tasks with predictions"
    has_entities = True
    needs_offsets = True

    def __init__(self, options: OutputOptions | None = None) -> None:
        super().__init__(options)
        self._before = "\n"

    def head(self) -> tuple[str, ...]:
        return ("[",)

    def resume(self, files: Sequence[Path]) -> None:
        self._before = ",\n"

    def parts(self, extraction: Extraction) -> tuple[str, ...]:
        before, self._before = self._before, ",\n"
        return (before + json.dumps(self._task(extraction), ensure_ascii=False),)

    def tail(self) -> tuple[str, ...]:
        return ("\n]\n",)

    def _task(self, extraction: Extraction) -> dict[str, Any]:
        names = {span: f"e{number}" for number, span in enumerate(extraction.entities)}
        result = [_region(name, span) for span, name in names.items()]
        for triple in extraction.triples:
            result += _relations(triple, names)
        prediction: dict[str, Any] = {
            "model_version": self.options.model_version,
            "result": result,
        }
        either = ((triple.probability, triple.score) for triple in extraction.triples)
        scores = [score if sure is None else sure for sure, score in either]
        known = [score for score in scores if score is not None]
        if known:
            prediction["score"] = rounded(min(known))
        return {"data": {"text": extraction.text}, "predictions": [prediction]}


def _region(name: str, span: Span) -> dict[str, Any]:
    start, end = offsets_of(span)
    value = {"start": start, "end": end, "text": span.text, "labels": [span.type or UNTYPED]}
    return {"id": name, **TAGS, "type": "labels", "value": value}


def _relations(triple: Triple, names: dict[Span, str]) -> list[dict[str, Any]]:
    return [
        {
            "from_id": names[mention.subject],
            "to_id": names[mention.object],
            "type": "relation",
            "direction": "right",
            "labels": [triple.predicate],
        }
        for mention in mentions_of(triple)
    ]
