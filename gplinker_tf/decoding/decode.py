"""Triples of a batch: entity spans first, then head and tail only at the pairs of those spans."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

from gplinker_tf._chunked import chunked_rows
from gplinker_tf._reprs import shapes_repr
from gplinker_tf.backend import tf
from gplinker_tf.decoding.candidates import (
    CandidatePairs,
    best_of_each_text,
    candidate_pairs,
    keep_best,
    left_out_of_each_text,
)
from gplinker_tf.decoding.pair_scorers import PairScorer, as_pair_scorer
from gplinker_tf.layers import PointerFactors, pointer_logits

MAX_PAIRS = 10_000

#: Maximum number of triples listed per text. All pairs and predicates could be millions per batch.
MAX_LISTED = 10_000

#: Maximum number of floats for scoring one chunk of candidate pairs (64 MiB).
CHUNK_FLOATS = 1 << 24


class TokenTriples(NamedTuple):
    """The triples of a batch in one list, as token spans (inclusive).

    Args:
        batch: int32 `[N]`, the text of each triple.
        subject: int32 `[N, 2]`, first and last token of the subject.
        predicate: int32 `[N]`, the index of the predicate.
        object: int32 `[N, 2]`, first and last token of the object.
        score: float32 `[N]`, the sum of the four terms.
        lowest: float32 `[N]`, the lowest of the terms, which is above the threshold.
        capped: bool `[B]`, whether a text had more than `max_pairs` candidate pairs.
        left_out: int32 `[B]`, how many triples of a text are not in the list.
    """

    batch: tf.Tensor
    subject: tf.Tensor
    predicate: tf.Tensor
    object: tf.Tensor
    score: tf.Tensor
    lowest: tf.Tensor
    capped: tf.Tensor
    left_out: tf.Tensor

    def __repr__(self) -> str:
        return shapes_repr(self)


def decode_triples(
    entity: PointerFactors | tf.Tensor,
    head: PairScorer | PointerFactors | tf.Tensor,
    tail: PairScorer | PointerFactors | tf.Tensor | None,
    mask: tf.Tensor,
    threshold: tf.Tensor | float = 0.0,
    max_pairs: int = MAX_PAIRS,
) -> TokenTriples:
    """Return all (subject, predicate, object) whose four scores each exceed the threshold.

    Args:
        entity: factors or logits `[B, 2, L, L]` of subjects, then objects, or `[B, 1, L, L]` of
            spans that may be either; for factors, spans that end before they start are masked.
        head: a `PairScorer`, factors, or logits `[B, P, L, L]`, of (subject start, object start |
            predicate).
        tail: the same for (subject end, object end | predicate); `None` leaves that term out.
        mask: bool `[B, L]`, True on tokens.
        threshold: the value that each term must exceed: one number, or `[P]`, one per predicate.
        max_pairs: the maximum number of subject-object pairs per text, best entity scores first.

    Returns:
        The triples, at most the best 10,000 per text.

    Example:

    >>> def lit(cells, labels):
    ...     logits = tf.fill([1, labels, 5, 5], -9.0)
    ...     return tf.tensor_scatter_nd_update(logits, cells, tf.ones(len(cells)))
    >>> triples = decode_triples(
    ...     lit([[0, 0, 1, 2], [0, 1, 3, 3]], 2), lit([[0, 4, 1, 3]], 6), lit([[0, 4, 2, 3]], 6),
    ...     tf.ones([1, 5], tf.bool))
    >>> triples.subject.numpy(), triples.predicate.numpy(), triples.score.numpy()
    (array([[1, 2]], dtype=int32), array([4], dtype=int32), array([4.], dtype=float32))

    Source: `extract_spoes` of the original script, https://kexue.fm/archives/8888; same result
    unless `max_pairs` is reached.
    """
    if isinstance(entity, PointerFactors):
        entity = pointer_logits(entity, mask, tril_mask=True)
    threshold = tf.convert_to_tensor(threshold, tf.float32)
    pairs = candidate_pairs(entity, mask, tf.reduce_min(threshold), max_pairs)
    relations = [
        (as_pair_scorer(scores), end)
        for end, scores in enumerate((head, tail))
        if scores is not None
    ]
    chunk = tf.maximum(CHUNK_FLOATS // sum(scorer.floats_per_pair for scorer, _ in relations), 1)
    total, texts = tf.size(pairs.batch), tf.size(pairs.capped)

    def score_chunk(first: tf.Tensor, left_out: tf.Tensor) -> tuple[tf.Tensor, ...]:
        rows = tf.range(first, tf.minimum(first + chunk, total))
        accepted = _accepted(pairs, rows, relations, threshold)
        of_text = tf.gather(pairs.batch, accepted[0])
        # Always sorted: ONNX Runtime rejects a branch in a loop.
        kept = best_of_each_text(of_text, accepted[2], MAX_LISTED, texts)
        left_out += left_out_of_each_text(of_text, MAX_LISTED, texts)
        return *(tf.gather(part, kept) for part in accepted), left_out

    dtypes = tf.int32, tf.int32, tf.float32, tf.float32
    kinds = [tf.TensorSpec([None], dtype) for dtype in dtypes]
    found, (left_out,) = chunked_rows(
        score_chunk, total, chunk, kinds, [tf.zeros([texts], tf.int32)]
    )
    pair, predicate, score, lowest = found
    triples = TokenTriples(
        batch=tf.gather(pairs.batch, pair),
        subject=tf.gather(pairs.subject, pair),
        predicate=predicate,
        object=tf.gather(pairs.object, pair),
        score=score,
        lowest=lowest,
        capped=pairs.capped,
        left_out=left_out,
    )
    return best_triples(triples, MAX_LISTED)  # a text's pairs may be in several chunks


def best_triples(triples: TokenTriples, max_triples: tf.Tensor | int) -> TokenTriples:
    """The best triples of each text; `left_out` also counts those dropped here.

    Args:
        triples: the triples of a batch.
        max_triples: the maximum number of triples per text.

    Example:

    >>> spans, capped = tf.constant([[1, 2]] * 3), tf.constant([False])
    >>> scores, left_out = tf.constant([3.0, 9.0, 5.0]), tf.constant([4])
    >>> batch, predicates = tf.zeros([3], tf.int32), tf.constant([0, 1, 2])
    >>> best = best_triples(
    ...     TokenTriples(batch, spans, predicates, spans, scores, scores / 4, capped, left_out), 2)
    >>> best.predicate.numpy(), best.left_out.numpy()
    (array([1, 2], dtype=int32), array([5], dtype=int32))
    """
    *listed, capped, left_out = triples
    kept, more = keep_best(triples.batch, triples.score, max_triples, tf.size(capped))
    parts = (tf.gather(part, kept) for part in listed)
    return TokenTriples._make([*parts, capped, left_out + more])


def _accepted(
    pairs: CandidatePairs,
    rows: tf.Tensor,
    relations: list[tuple[PairScorer, int]],
    threshold: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return the (pair, predicate) of `rows` above the threshold, with their sum and lowest score.

    Each of `relations` has a scorer and the index in a span, 0 or 1, of the token that it scores.
    """
    batch, subject, object_ = (
        tf.gather(value, rows) for value in (pairs.batch, pairs.subject, pairs.object)
    )
    terms = [scorer(batch, subject[:, end], object_[:, end]) for scorer, end in relations]
    lowest = reduce(tf.minimum, terms, tf.gather(pairs.lowest, rows)[:, None])
    cells = tf.where(lowest > threshold)
    relation = tf.add_n([tf.gather_nd(term, cells) for term in terms])
    pair, predicate = tf.gather(rows, cells[:, 0]), tf.cast(cells[:, 1], tf.int32)
    return pair, predicate, relation + tf.gather(pairs.score, pair), tf.gather_nd(lowest, cells)
