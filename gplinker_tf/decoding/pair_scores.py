"""All scores of the token pairs of a batch."""

from __future__ import annotations

from typing import NamedTuple

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.backend import tf
from gplinker_tf.decoding.pair_scorers import PairScorer


class PairScores(NamedTuple):
    """The scores of token pairs, in the order of `decode_triples`'s arguments.

    Args:
        entity: logits `[B, 2, L, L]` of subjects, then objects, or `[B, 1, L, L]` of spans that
            may be either.
        head: scores of (subject start, object start | predicate).
        tail: scores of (subject end, object end | predicate); `None` if the model lacks that term.
        mask: bool `[B, L]`, True on tokens.
    """

    entity: tf.Tensor
    head: PairScorer
    tail: PairScorer | None
    mask: tf.Tensor

    def __repr__(self) -> str:
        return shapes_repr(self)
