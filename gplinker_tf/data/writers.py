"""Extractions as lines of JSON."""

from __future__ import annotations

import json
from typing import Any

from gplinker_tf.structures import Extraction, Triple


def extraction_to_json(extraction: Extraction) -> str:
    """One line in LIC2019's format, with spans and scores where there are any.

    `read_examples` reads it. `truncated`, `capped` and `left_out` are written where they are not
    false or 0.

    Args:
        extraction: a text and what was found in it.

    Returns:
        The line, without its end.

    Example:

    >>> print(extraction_to_json(Extraction("周星驰主演", truncated=True)))
    {"text": "周星驰主演", "spo_list": [], "truncated": true}
    """
    row: dict[str, Any] = {
        "text": extraction.text,
        "spo_list": [_triple_row(triple) for triple in extraction.triples],
    }
    for name in ("truncated", "capped", "left_out"):
        if value := getattr(extraction, name):
            row[name] = value
    return json.dumps(row, ensure_ascii=False)


def _triple_row(triple: Triple) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(("subject", "predicate", "object"), triple.words, strict=True))
    for role in ("subject", "object"):
        span = getattr(triple, role)
        if span.start is not None:
            row[f"{role}_span"] = [span.start, span.end]
    if triple.score is not None:
        row["score"] = round(triple.score, 4)
    return row
