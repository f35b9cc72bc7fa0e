"""Extractions in doccano's import format: JSON lines with entities and relations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.spans import UNTYPED
from gplinker_tf.data.writers.json_rows import JsonRows
from gplinker_tf.data.writers.mentions import mentions_of
from gplinker_tf.structures import Extraction, offsets_of


class DoccanoOutput(JsonRows):
    """One line of JSON per text, for a doccano project for sequence labeling with relations.

    Source: https://doccano.github.io/doccano/, the dataset format of sequence labeling with
    relations.
    """

    name = "doccano"
    title = "doccano's JSON lines with relations"
    has_entities = True
    needs_offsets = True

    def row(self, extraction: Extraction) -> dict[str, Any]:
        numbers = {span: number for number, span in enumerate(extraction.entities)}
        entities = []
        for span, number in numbers.items():
            start, end = offsets_of(span)
            entities.append(
                {
                    "id": number,
                    "label": span.type or UNTYPED,
                    "start_offset": start,
                    "end_offset": end,
                }
            )
        pairs = [
            (mention, triple.predicate)
            for triple in extraction.triples
            for mention in mentions_of(triple)
        ]
        relations = [
            {
                "id": number,
                "from_id": numbers[mention.subject],
                "to_id": numbers[mention.object],
                "type": predicate,
            }
            for number, (mention, predicate) in enumerate(pairs)
        ]
        return {"text": extraction.text, "entities": entities, "relations": relations}
