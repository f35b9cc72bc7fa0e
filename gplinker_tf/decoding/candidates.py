"""Candidate pairs: all subject-object pairs of found spans, up to the best `max_pairs` per text."""

from __future__ import annotations

from typing import NamedTuple

from gplinker_tf._reprs import shapes_repr
from gplinker_tf._token_pairs import pairs_within
from gplinker_tf.backend import tf


class CandidatePairs(NamedTuple):
    """Pairs of a subject span and an object span, in one list for all texts of a batch.

    Args:
        batch: int32 `[C]`, the text of each pair.
        subject: int32 `[C, 2]`, first and last token of the subject, inclusive.
        object: int32 `[C, 2]`, first and last token of the object, inclusive.
        score: float32 `[C]`, S(s_h, s_t) + S(o_h, o_t).
        lowest: float32 `[C]`, the lower of the two.
        capped: bool `[B]`, whether a text had more than `max_pairs` pairs.
    """

    batch: tf.Tensor
    subject: tf.Tensor
    object: tf.Tensor
    score: tf.Tensor
    lowest: tf.Tensor
    capped: tf.Tensor

    def __repr__(self) -> str:
        return shapes_repr(self)


class _Spans(NamedTuple):
    """The spans of one role, grouped by text, best first; per text, `count` and `first` index."""

    batch: tf.Tensor
    tokens: tf.Tensor
    score: tf.Tensor
    count: tf.Tensor
    first: tf.Tensor


def candidate_pairs(
    entity: tf.Tensor, mask: tf.Tensor, threshold: tf.Tensor | float, max_pairs: int
) -> CandidatePairs:
    """All pairs of a subject and an object span that exceed the threshold.

    Spans neither start nor end at [CLS], a text's last token or padding.

    If a text has more than `max_pairs` pairs, those with the highest summed entity scores are kept.
    The result is exact, but not all pairs are listed: with both lists sorted, i * j - 1 others are
    at least as good as the pair of the i-th subject and the j-th object, so only pairs with
    i * j <= max_pairs are listed, about `max_pairs * ln(max_pairs)`.

    Args:
        entity: logits `[B, 2, L, L]` of subjects, then objects, or `[B, 1, L, L]` of spans that
            may be either.
        mask: bool `[B, L]`, True on tokens.
        threshold: the value that a span's logit must exceed.
        max_pairs: the maximum number of pairs per text.

    Example:

    >>> entity = tf.fill([1, 2, 4, 4], -1.0)
    >>> entity = tf.tensor_scatter_nd_update(entity, [[0, 0, 1, 1], [0, 1, 2, 2]], [3.0, 2.0])
    >>> pairs = candidate_pairs(entity, tf.ones([1, 4], tf.bool), 0.0, max_pairs=10)
    >>> pairs.subject.numpy(), pairs.object.numpy(), pairs.score.numpy()
    (array([[1, 1]], dtype=int32), array([[2, 2]], dtype=int32), array([5.], dtype=float32))

    Source: `extract_spoes` of the original script, https://kexue.fm/archives/8888; the cap is ours.
    """
    inner = inner_tokens(mask)
    entity = tf.where(pairs_within(inner)[:, None], tf.cast(entity, tf.float32), -float("inf"))
    cells = tf.where(entity > threshold)
    values = tf.gather_nd(entity, cells)
    cells = tf.cast(cells, tf.int32)
    texts = tf.shape(entity)[0]
    roles = 0, tf.shape(entity)[1] - 1
    subjects, objects = (_spans_of(role, cells, values, texts) for role in roles)
    return _best_pairs(subjects, objects, max_pairs)


def inner_tokens(mask: tf.Tensor) -> tf.Tensor:
    """Return bool `[B, L]`: True on tokens that are neither the first nor the last of the text."""
    position = tf.range(tf.shape(mask)[1])
    last = tf.reduce_max(tf.where(mask, position, 0), axis=1, keepdims=True)
    return mask & (position > 0) & (position < last)


def _spans_of(
    role: tf.Tensor | int, cells: tf.Tensor, values: tf.Tensor, texts: tf.Tensor
) -> _Spans:
    chosen = tf.where(cells[:, 1] == role)[:, 0]
    cells, values = tf.gather(cells, chosen), tf.gather(values, chosen)
    order = _by_text_then_score(cells[:, 0], values)
    cells, values = tf.gather(cells, order), tf.gather(values, order)
    count = count_in_text(cells[:, 0], texts)
    return _Spans(cells[:, 0], cells[:, 2:], values, count, tf.cumsum(count, exclusive=True))


def _by_text_then_score(batch: tf.Tensor, score: tf.Tensor) -> tf.Tensor:
    """Return the order by text, then by descending score; ties keep their order."""
    order = tf.argsort(score, direction="DESCENDING", stable=True)
    return tf.gather(order, tf.argsort(tf.gather(batch, order), stable=True))


def _best_pairs(subjects: _Spans, objects: _Spans, max_pairs: int) -> CandidatePairs:
    rank = _rank_in_text(subjects.batch, subjects.first) + 1
    partners = tf.minimum(tf.gather(objects.count, subjects.batch), max_pairs // rank)
    begin = tf.cumsum(partners, exclusive=True)
    # For each pair, the last subject whose pairs begin there or before. `tf.repeat` would pad each
    # subject to the largest number of partners: gigabytes if all spans are candidates.
    total = tf.reduce_sum(partners)
    subject = tf.cumsum(count_in_text(begin, total + 1))[:total] - 1
    batch = tf.gather(subjects.batch, subject)
    place = tf.range(tf.size(subject)) - tf.gather(begin, subject)
    object_ = tf.gather(objects.first, batch) + place
    scores = tf.gather(subjects.score, subject), tf.gather(objects.score, object_)
    score = tf.add(*scores)

    pairs_in_text = tf.cast(subjects.count, tf.int64) * tf.cast(objects.count, tf.int64)
    capped = pairs_in_text > tf.cast(max_pairs, tf.int64)
    kept, _ = keep_best(batch, score, max_pairs, tf.size(capped))
    return CandidatePairs(
        batch=tf.gather(batch, kept),
        subject=tf.gather(subjects.tokens, tf.gather(subject, kept)),
        object=tf.gather(objects.tokens, tf.gather(object_, kept)),
        score=tf.gather(score, kept),
        lowest=tf.gather(tf.minimum(*scores), kept),
        capped=capped,
    )


def count_in_text(batch: tf.Tensor, texts: tf.Tensor) -> tf.Tensor:
    """Return int32 `[B]`: how often each text occurs in `batch`, int32 `[C]`."""
    # `bincount` has no deterministic form on a GPU, and training is deterministic by default.
    return tf.math.unsorted_segment_sum(tf.ones_like(batch), batch, texts)


def _rank_in_text(batch: tf.Tensor, first: tf.Tensor) -> tf.Tensor:
    return tf.range(tf.size(batch)) - tf.gather(first, batch)


def best_of_each_text(
    batch: tf.Tensor, score: tf.Tensor, most: tf.Tensor | int, texts: tf.Tensor
) -> tf.Tensor:
    """Return the indices of the items with the highest scores in each text.

    Args:
        batch: int32 `[C]`, the text of each item.
        score: `[C]`, the score of each item.
        most: the maximum number of items per text; one number, or `[B]`.
        texts: `B`.
    """
    order = _by_text_then_score(batch, score)
    batch = tf.gather(batch, order)
    first = tf.cumsum(count_in_text(batch, texts), exclusive=True)
    most = tf.broadcast_to(most, [texts])
    return tf.boolean_mask(order, _rank_in_text(batch, first) < tf.gather(most, batch))


def left_out_of_each_text(batch: tf.Tensor, most: tf.Tensor | int, texts: tf.Tensor) -> tf.Tensor:
    """Return int32 `[B]`: how many items of each text `best_of_each_text` leaves out."""
    return tf.maximum(count_in_text(batch, texts) - most, 0)


def keep_best(
    batch: tf.Tensor, score: tf.Tensor, most: tf.Tensor | int, texts: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Select as in `best_of_each_text`, but keep the given order if nothing is left out.

    Returns:
        The indices, and int32 `[B]`: how many items of each text are left out.
    """
    left_out = left_out_of_each_text(batch, most, texts)
    kept = tf.cond(
        tf.reduce_any(left_out > 0),
        lambda: best_of_each_text(batch, score, most, texts),
        lambda: tf.range(tf.size(batch)),
    )
    return kept, left_out
