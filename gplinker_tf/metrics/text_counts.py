"""Counts of each text apart, from which scores of any choice of texts follow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.metrics.matching import Key, distinct
from gplinker_tf.structures import Example, Extraction


def text_counts(
    examples: Sequence[Example], extractions: Sequence[Extraction], key: Key
) -> np.ndarray:
    """What `ScoreCounts` counts, text by text.

    Args:
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        key: of a triple, what must be equal.

    Returns:
        int64 `[N, 3]`: triples both found and annotated, found, annotated.

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
