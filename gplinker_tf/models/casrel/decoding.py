"""Decoding of triples from start and end tags of subjects, then of each subject's objects."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import NamedTuple

from gplinker_tf._chunked import chunked_rows
from gplinker_tf.backend import tf
from gplinker_tf.decoding import TokenTriples, best_triples
from gplinker_tf.decoding.candidates import (
    best_of_each_text,
    count_in_text,
    inner_tokens,
    left_out_of_each_text,
)
from gplinker_tf.decoding.decode import CHUNK_FLOATS, MAX_LISTED, MAX_PAIRS

#: Log-odds thresholds for starts and ends: probabilities of 0.6 and 0.5.
START, END = log(0.6 / 0.4), 0.0


class TaggedSpans(NamedTuple):
    """The spans of all rows in one list.

    Args:
        row: int32 `[N]`, the row of each span.
        tokens: int32 `[N, 2]`, first and last token, inclusive.
        score: float32 `[N]`, the sum of the two log-odds.
        lowest: float32 `[N]`, the lower of the two, each minus its original threshold.
    """

    row: tf.Tensor
    tokens: tf.Tensor
    score: tf.Tensor
    lowest: tf.Tensor


def tagged_spans(
    log_odds: tf.Tensor, inner: tf.Tensor, threshold: tf.Tensor | float
) -> TaggedSpans:
    """Return a span from each tagged start to the first tagged end at or after it, if any.

    A threshold of 0 or more selects among the spans of the original, so raising it only removes
    spans; below 0, further ends are tagged too, and a span may end earlier.

    Args:
        log_odds: float32 `[R, L, 2]` of starts and ends.
        inner: bool `[R, L]`, the tokens at which spans may start and end.
        threshold: added to the log-odds of 0.6 for starts and of 0.5 for ends: one number, or
            `[R]`, one per row.

    Returns:
        The spans, row by row.

    Example:

    >>> odds = tf.constant([[[9.0, -9], [9, -9], [-9, 9], [9, -9]]])
    >>> tagged_spans(odds, tf.ones([1, 4], tf.bool), 0.0).tokens.numpy().tolist()
    [[0, 2], [1, 2]]

    Source: `extract_spoes` of bert4keras's `task_relation_extraction.py`.
    """
    rows, length = tf.unstack(tf.shape(log_odds)[:2])
    cells = tf.reshape(tf.where(inner[..., None], log_odds, -float("inf")), [-1, 2])
    above = cells - tf.constant([START, END])
    threshold = tf.repeat(tf.broadcast_to(threshold, [rows]), length)
    is_end = above[:, 1] > tf.minimum(threshold, 0.0)
    starts = tf.cast(tf.where(above[:, 0] > threshold)[:, 0], tf.int32)
    ends = tf.cast(tf.where(is_end)[:, 0], tf.int32)
    ends_before = tf.cumsum(tf.cast(is_end, tf.int32), exclusive=True)
    # A sentinel that belongs to no row follows the last end.
    ends = tf.gather(tf.concat([ends, [rows * length]], 0), tf.gather(ends_before, starts))
    found = tf.where(ends // length == starts // length)[:, 0]
    starts, ends = tf.gather(starts, found), tf.gather(ends, found)
    lowest = tf.minimum(tf.gather(above[:, 0], starts), tf.gather(above[:, 1], ends))
    sure = tf.where(lowest > tf.gather(threshold, starts))[:, 0]
    starts, ends = tf.gather(starts, sure), tf.gather(ends, sure)
    score = tf.gather(cells[:, 0], starts) + tf.gather(cells[:, 1], ends)
    tokens = tf.stack([starts, ends], 1) % length
    return TaggedSpans(starts // length, tokens, score, tf.gather(lowest, sure))


def decode_taggings(
    subject: tf.Tensor,
    mask: tf.Tensor,
    objects_of: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
    floats_a_subject: tf.Tensor | int,
    threshold: tf.Tensor | float = 0.0,
    max_pairs: tf.Tensor | int = MAX_PAIRS,
) -> tuple[TokenTriples, tf.Tensor]:
    """Return all (subject, predicate, object) whose four log-odds exceed their thresholds.

    Spans neither start nor end at [CLS], a text's last token or padding. In a text of `l` tokens, a
    subject has at most `l` object starts, so if a text has more than `max_pairs / l` subjects, only
    that many of the best are kept, but at least one.

    Args:
        subject: log-odds `[B, L, 2]` of subjects' starts and ends.
        mask: bool `[B, L]`, True on tokens.
        objects_of: returns log-odds `[n, L, P, 2]` for texts `[n]` and subjects in them `[n, 2]`.
        floats_a_subject: the floats this takes per subject; it determines the chunk size.
        threshold: added to the log-odds of 0.6 for starts and of 0.5 for ends: one number, or
            `[P]`, one per predicate.
        max_pairs: the maximum number of subject-object pairs scored per text.

    Returns:
        The triples, at most the best 10,000 per text, and bool `[B]`: whether all object log-odds
        of a text are finite.

    Example:

    >>> subject = tf.constant([[[-9.0, -9], [3, -9], [-9, 4], [-9, -9], [-9, -9]]])
    >>> objects = tf.tensor_scatter_nd_update(
    ...     tf.fill([1, 5, 6, 2], -9.0), [[0, 3, 4, 0], [0, 3, 4, 1]], [1.0, 2.0])
    >>> mask = tf.ones([1, 5], tf.bool)
    >>> triples, _ = decode_taggings(subject, mask, lambda texts, spans: objects, 60)
    >>> triples.subject.numpy(), triples.predicate.numpy(), triples.score.numpy()
    (array([[1, 2]], dtype=int32), array([4], dtype=int32), array([10.], dtype=float32))

    Source: `extract_spoes` of bert4keras's `task_relation_extraction.py`,
    https://kexue.fm/archives/7161; the result is the same unless `max_pairs` is reached.
    """
    texts = tf.shape(subject)[0]
    inner = inner_tokens(mask)
    threshold = tf.convert_to_tensor(threshold, tf.float32)
    spans = tagged_spans(subject, inner, tf.reduce_min(threshold))
    lengths = tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
    most = tf.maximum(max_pairs // tf.maximum(lengths, 1), 1)
    capped = count_in_text(spans.row, texts) > most
    kept = best_of_each_text(spans.row, spans.score, most, texts)
    batch, tokens, score, lowest = (tf.gather(part, kept) for part in spans)

    total = tf.size(batch)
    chunk = tf.maximum(CHUNK_FLOATS // floats_a_subject, 1)

    def read_chunk(first: tf.Tensor, finite: tf.Tensor, left_out: tf.Tensor) -> tuple:
        rows = tf.range(first, tf.minimum(first + chunk, total))
        of_rows = tf.gather(batch, rows)
        odds = objects_of(of_rows, tf.gather(tokens, rows))
        row, predicate, objects, object_score, object_lowest = _objects(
            odds, tf.gather(inner, of_rows), threshold
        )
        broken = tf.reduce_any(~tf.math.is_finite(odds), axis=[1, 2, 3])
        finite &= tf.scatter_nd(of_rows[:, None], tf.cast(broken, tf.int32), [texts]) == 0
        number = tf.gather(rows, row)
        scores = tf.gather(score, number) + object_score
        lowest_scores = tf.minimum(tf.gather(lowest, number), object_lowest)
        # A subject exceeds the lowest threshold, but perhaps not that of every predicate.
        asked = tf.gather(threshold, predicate) if threshold.shape.rank else threshold
        sure = tf.where(lowest_scores > asked)[:, 0]
        of_sure = tf.gather(batch, tf.gather(number, sure))
        # Always sorted: ONNX Runtime rejects a branch in a loop.
        kept = best_of_each_text(of_sure, tf.gather(scores, sure), MAX_LISTED, texts)
        left_out += left_out_of_each_text(of_sure, MAX_LISTED, texts)
        found = number, predicate, objects, scores, lowest_scores
        places = tf.gather(sure, kept)
        return *(tf.gather(part, places) for part in found), finite, left_out

    # For each object: the index of its subject, its predicate, its span, the triple's scores.
    number_kind, span_kind = tf.TensorSpec([None], tf.int32), tf.TensorSpec([None, 2], tf.int32)
    score_kind = tf.TensorSpec([None], tf.float32)
    kinds = number_kind, number_kind, span_kind, score_kind, score_kind
    state = tf.fill([texts], True), tf.zeros([texts], tf.int32)
    found, (finite, left_out) = chunked_rows(read_chunk, total, chunk, kinds, state)
    number, predicate, objects, scores, lowest_scores = found
    triples = TokenTriples(
        batch=tf.gather(batch, number),
        subject=tf.gather(tokens, number),
        predicate=predicate,
        object=objects,
        score=scores,
        lowest=lowest_scores,
        capped=capped,
        left_out=left_out,
    )
    triples = best_triples(triples, MAX_LISTED)  # a text's subjects may be in several chunks
    return triples, finite


def _objects(
    log_odds: tf.Tensor, inner: tf.Tensor, threshold: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return subject, predicate, span, score and lowest score per object from `[n, L, P, 2]`."""
    subjects, length, predicates = tf.unstack(tf.shape(log_odds)[:3])
    rows = tf.reshape(tf.transpose(log_odds, [0, 2, 1, 3]), [subjects * predicates, length, 2])
    threshold = tf.tile(tf.broadcast_to(threshold, [predicates]), [subjects])
    spans = tagged_spans(rows, tf.repeat(inner, predicates, axis=0), threshold)
    number, predicate = spans.row // predicates, spans.row % predicates
    return number, predicate, spans.tokens, spans.score, spans.lowest
