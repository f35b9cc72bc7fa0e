"""Extractions as JSON lines: LIC2019's format with spans, types and scores."""

from __future__ import annotations

import json
from typing import Any

from gplinker_tf.data.writers.entities import entity_row
from gplinker_tf.data.writers.json_rows import JsonRows
from gplinker_tf.data.writers.rounding import rounded
from gplinker_tf.structures import Extraction, Mention, Triple


class JsonLinesOutput(JsonRows):
    """One line of JSON per text, readable by `read_examples`."""

    name = "jsonl"
    title = "JSON lines"
    has_entities = True
    optional = frozenset(("unlinked", "truncated", "capped", "left_out"))

    def row(self, extraction: Extraction) -> dict[str, Any]:
        row: dict[str, Any] = {
            "text": extraction.text,
            "spo_list": [_triple_row(triple) for triple in extraction.triples],
        }
        if extraction.unlinked:
            row["unlinked"] = list(map(entity_row, extraction.unlinked))
        for name in ("truncated", "capped", "left_out"):
            if value := getattr(extraction, name):
                row[name] = value
        return row


def extraction_to_json(extraction: Extraction) -> str:
    """Convert an extraction to a line in LIC2019's format, with any spans, types and scores.

    `read_examples` reads such lines. `truncated`, `capped` and `left_out` are written only if they
    are not false or 0, `mentions` only if a triple has more than one, and `unlinked` only if there
    are entities in no triple.

    Args:
        extraction: the extraction from one text.

    Returns:
        The line, without its line end.

    Example:

    >>> print(extraction_to_json(Extraction("周星驰主演", truncated=True)))
    {"text": "周星驰主演", "spo_list": [], "truncated": true}
    """
    return json.dumps(JsonLinesOutput().row(extraction), ensure_ascii=False)


def _triple_row(triple: Triple) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(("subject", "predicate", "object"), triple.words, strict=True))
    for role in ("subject", "object"):
        if type_ := getattr(triple, role).type:
            row[f"{role}_type"] = type_
    row |= _place(Mention(triple.subject, triple.object, triple.score))
    if triple.probability is not None:
        row["probability"] = rounded(triple.probability)
    if len(triple.mentions) > 1:
        row["mentions"] = [_place(mention) for mention in triple.mentions]
    return row


def _place(mention: Mention) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for role in ("subject", "object"):
        span = getattr(mention, role)
        if span.start is not None:
            row[f"{role}_span"] = [span.start, span.end]
    if mention.score is not None:
        row["score"] = rounded(mention.score)
    return row
