"""Position encodings within attention, for encoders without position embeddings."""

from __future__ import annotations

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.layers import rotate_apart


def by_head(vectors: tf.Tensor) -> tf.Tensor:
    """Transpose `[B, L, heads, S]` to `[B, heads, L, S]`, or back."""
    return tf.transpose(vectors, [0, 2, 1, 3])


class AttentionPositions:
    """No positions in attention; only the embeddings have them."""

    def by_head(self, vectors: tf.Tensor) -> tf.Tensor:
        """Prepare queries or keys `[B, L, heads, S]` for comparison, as `[B, heads, L, S]`."""
        return by_head(vectors)

    def distances(self, length: tf.Tensor, dtype: tf.DType) -> tf.Tensor | None:
        """Return a vector for the distance of each query and key, `[L, L, S]`, or `None`."""
        return None

    def added_scores(self, query: tf.Tensor, distances: tf.Tensor | None) -> tf.Tensor | None:
        """Return what to add to the scores of queries `[B, heads, L, S]`: `[B, heads, L, L]`."""
        return None

    def added_values(self, weights: tf.Tensor, distances: tf.Tensor | None) -> tf.Tensor | None:
        """Return what to add to values with weights `[B, heads, L, L]`: `[B, heads, L, S]`."""
        return None


class RotaryPositions(AttentionPositions):
    """Rotary positions: queries and keys are rotated by their positions.

    Source: Su et al., "RoFormer", https://arxiv.org/abs/2104.09864.
    """

    def by_head(self, vectors: tf.Tensor) -> tf.Tensor:
        return rotate_apart(vectors, [0, 2, 1])


class RelativePositions(AttentionPositions):
    """Relative positions: a sinusoidal vector of the distance is added to keys and values.

    Args:
        size: the size `S` of a head.
        farthest: the distance to which longer distances are clipped.

    Source: Shaw et al., https://arxiv.org/abs/1803.02155, as in Wei et al., "NEZHA",
    https://arxiv.org/abs/1909.00204.
    """

    def __init__(self, size: int, farthest: int = 64) -> None:
        self.farthest = farthest
        angles = np.arange(2 * farthest + 1)[:, None] * 10000.0 ** (-np.arange(0, size, 2) / size)
        self.table = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape([-1, size])

    def distances(self, length: tf.Tensor, dtype: tf.DType) -> tf.Tensor:
        places = tf.range(length)
        distances = tf.clip_by_value(places - places[:, None], -self.farthest, self.farthest)
        return tf.gather(tf.constant(self.table, dtype), distances + self.farthest)

    def added_scores(self, query: tf.Tensor, distances: tf.Tensor | None) -> tf.Tensor:
        return tf.einsum("bhjd,jkd->bhjk", query, distances)

    def added_values(self, weights: tf.Tensor, distances: tf.Tensor | None) -> tf.Tensor:
        return tf.einsum("bhjk,jkd->bhjd", weights, distances)


#: Functions from the size of a head, by the name that `SelfAttention` takes.
POSITIONS = {
    "none": lambda size: AttentionPositions(),
    "rotary": lambda size: RotaryPositions(),
    "relative": RelativePositions,
}
