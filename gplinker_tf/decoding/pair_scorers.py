"""Scores at selected token pairs: from full logits, from factors, or from triangle logits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.backend import tf
from gplinker_tf.layers import PointerFactors, triangle_place


class PairScorer(ABC):
    """Abstract: the scores of a model's labels at token pairs, the interface that decoding uses.

    No mask is applied, so call it with valid pairs only.
    """

    @abstractmethod
    def __call__(self, batch: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor) -> tf.Tensor:
        """Return the scores of all `H` labels at `C` pairs, float32 `[C, H]`.

        Args:
            batch: int32 `[C]`, the text of each pair.
            rows: int32 `[C]`, the first token of each pair: the start or end of a subject.
            columns: int32 `[C]`, the second token of each pair: the start or end of an object.
        """

    @property
    @abstractmethod
    def floats_per_pair(self) -> tf.Tensor | int:
        """Floats needed to score one pair; they decide how many pairs decoding scores at once."""

    def __repr__(self) -> str:
        return shapes_repr(self)


class DenseScores(PairScorer):
    """Scores looked up in full logits.

    Args:
        logits: `[B, H, L, L]`.

    Example:

    >>> scorer = DenseScores(tf.reshape(tf.range(18.0), [1, 2, 3, 3]))
    >>> scorer(tf.constant([0]), tf.constant([1]), tf.constant([2])).numpy()
    array([[ 5., 14.]], dtype=float32)
    """

    def __init__(self, logits: tf.Tensor) -> None:
        self.logits = logits

    def __call__(self, batch: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor) -> tf.Tensor:
        shape = tf.shape(self.logits, tf.int64)
        batch, rows, columns = (tf.cast(part, tf.int64) for part in (batch, rows, columns))
        label = (batch * shape[1])[:, None] + tf.range(shape[1])
        flat = (label * shape[2] + rows[:, None]) * shape[3] + columns[:, None]
        return tf.cast(tf.gather(tf.reshape(self.logits, [-1]), flat), tf.float32)

    @property
    def floats_per_pair(self) -> tf.Tensor:
        return tf.shape(self.logits)[1]


class FactoredScores(PairScorer):
    """Scores computed from a pointer layer's factors, only at the requested pairs.

        s[c, h] = q[b_c, m_c] . k[b_c, n_c] / sqrt(S) + r[b_c, h, m_c] + c[b_c, h, n_c]

    Args:
        factors: the factors returned by a pointer layer.

    Example:

    >>> query = tf.constant([[[2.0], [3.0]]])
    >>> factors = PointerFactors(query, query, tf.zeros([1, 1, 2]), tf.constant([[[0.5, 0.0]]]))
    >>> FactoredScores(factors)(tf.constant([0]), tf.constant([1]), tf.constant([0])).numpy()
    array([[6.5]], dtype=float32)

    Source: the scores' low-rank form follows from GlobalPointer, https://kexue.fm/archives/8373,
    and Efficient GlobalPointer, https://kexue.fm/archives/8877.
    """

    def __init__(self, factors: PointerFactors) -> None:
        self.factors = factors

    def __call__(self, batch: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor) -> tf.Tensor:
        factors = self.factors
        row_cells = tf.stack([batch, rows], axis=1)
        column_cells = tf.stack([batch, columns], axis=1)
        query = tf.cast(tf.gather_nd(factors.query, row_cells), tf.float32)
        key = tf.cast(tf.gather_nd(factors.key, column_cells), tf.float32)
        products = tf.reduce_sum(query * key, axis=-1) / query.shape[-1] ** 0.5
        if factors.start_bias is None:
            return products
        start_bias = tf.gather_nd(tf.transpose(factors.start_bias, [0, 2, 1]), row_cells)
        end_bias = tf.gather_nd(tf.transpose(factors.end_bias, [0, 2, 1]), column_cells)
        return products[:, None] + tf.cast(start_bias, tf.float32) + tf.cast(end_bias, tf.float32)

    @property
    def floats_per_pair(self) -> tf.Tensor:
        query, start_bias = self.factors.query, self.factors.start_bias
        if start_bias is None:
            return tf.reduce_prod(tf.shape(query)[2:]) * 2
        return tf.shape(start_bias)[1] + tf.shape(query)[2] * 2


class TriangleScores(PairScorer):
    """Scores of pairs in either order, from logits stored with the earlier token first.

    Args:
        logits: `[B, N, C]`, in the order of `triangle_pairs`.
        length: `L`.
        both_ways: a function from rows of logits, float32 `[C', C]`, to scores `[C', 2, H]` of the
            pair as it is and reversed.

    Example:

    >>> logits = tf.constant([[[1.0, -1.0], [2.0, -2.0], [3.0, -3.0]]])
    >>> scorer = TriangleScores(logits, tf.constant(2), both_ways=lambda rows: rows[..., None])
    >>> scorer(tf.constant([0, 0]), tf.constant([0, 1]), tf.constant([1, 0])).numpy()
    array([[ 2.],
           [-2.]], dtype=float32)
    """

    def __init__(
        self,
        logits: tf.Tensor,
        length: tf.Tensor,
        both_ways: Callable[[tf.Tensor], tf.Tensor],
    ) -> None:
        self.logits = logits
        self.length = length
        self.both_ways = both_ways

    def __call__(self, batch: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor) -> tf.Tensor:
        first, second = tf.minimum(rows, columns), tf.maximum(rows, columns)
        cells = tf.stack([batch, triangle_place(first, second, self.length)], axis=1)
        logits = tf.cast(tf.gather_nd(self.logits, cells), tf.float32)
        as_it_stands, turned = tf.unstack(self.both_ways(logits), axis=1)
        return tf.where((rows > columns)[:, None], turned, as_it_stands)

    @property
    def floats_per_pair(self) -> tf.Tensor:
        return tf.shape(self.logits)[2] * 2


def as_pair_scorer(scores: PairScorer | PointerFactors | tf.Tensor) -> PairScorer:
    """Return a scorer unchanged, or a scorer for a pointer layer's factors or for full logits.

    Args:
        scores: a scorer, factors, or logits `[B, H, L, L]`.

    Returns:
        The scorer.

    Example:

    >>> as_pair_scorer(tf.zeros([1, 2, 3, 3]))
    DenseScores(logits [1, 2, 3, 3])
    """
    if isinstance(scores, PairScorer):
        return scores
    return FactoredScores(scores) if isinstance(scores, PointerFactors) else DenseScores(scores)
