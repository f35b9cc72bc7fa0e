"""Extractions as lines of JSON."""

from __future__ import annotations

import json
from typing import Any

from gplinker_tf.structures import Extraction, Triple


def extraction_to_json(extraction: Extraction) -> str:
    """One line in LIC2019's format, with spans and scores; `read_examples` reads it.

    `truncated` and `capped` are written where they are true.

    Example:

    >>> print(extraction_to_json(Extraction("周星驰主演", truncated=True)))
    {"text": "周星驰主演", "spo_list": [], "truncated": true}
    """
    row: dict[str, Any] = {
        "text": extraction.text,
        "spo_list": [_triple_row(triple) for triple in extraction.triples],
    }
    for flag in ("truncated", "capped"):
        if getattr(extraction, flag):
            row[flag] = True
    return json.dumps(row, ensure_ascii=False)


def _triple_row(triple: Triple) -> dict[str, Any]:
    return {
        "subject": triple.subject.text,
        "predicate": triple.predicate,
        "object": triple.object.text,
        "subject_span": [triple.subject.start, triple.subject.end],
        "object_span": [triple.object.start, triple.object.end],
        "score": round(triple.score, 4),
    }
