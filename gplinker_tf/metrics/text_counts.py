"""Counts per text, from which the scores of any subset of texts can be computed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.metrics.matching import Key, distinct
from gplinker_tf.structures import Example, Extraction


def text_counts(
    examples: Sequence[Example], extractions: Sequence[Extraction], key: Key
) -> np.ndarray:
    """Return the counts of `ScoreCounts` for each text.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        key: a function from a triple to what must be equal.

    Returns:
        int64 `[N, 3]`: the triples both found and annotated, those found, those annotated.

    Example:

    >>> from gplinker_tf.metrics.matching import exact_key
    >>> from gplinker_tf.structures import Span, Triple
    >>> gold = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> text_counts([Example("…", (gold,))], [Extraction("…", (gold,))], exact_key).tolist()
    [[1, 1, 1]]
    """
    rows = []
    for example, extraction in zip(examples, extractions, strict=True):
        annotated, found = distinct(example.triples, key), distinct(extraction.triples, key)
        rows.append(
            (len(annotated.keys() & found.keys()), len(found) + extraction.left_out, len(annotated))
        )
    return np.array(rows, np.int64).reshape(-1, 3)
