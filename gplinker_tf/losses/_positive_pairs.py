"""The positive pairs of a batch, as a list without padding, duplicates or masked cells."""

from __future__ import annotations

from typing import NamedTuple

from gplinker_tf.backend import tf, traced_once
from gplinker_tf.losses.exponentials import log1p_sum_exp


class PositivePairs(NamedTuple):
    """Distinct positive cells of a pointer layer, sorted by sample, label, row and column.

    A cell may be partly positive: its share counts as positive, the rest as negative.

    Args:
        sample: int32 `[N]`, the index `b` of each cell.
        label: int32 `[N]`, `h`.
        row: int32 `[N]`, `m`.
        column: int32 `[N]`, `n`.
        slot: int32 `[N]`, its index among the `K` slots of its label.
        slots: `K`, int32 scalar.
        log_share: float32 `[N]`, the logarithm of the positive share; 0 for annotated cells.
        log_rest: float32 `[N]`, the logarithm of 1 minus the share; -inf for annotated cells.
    """

    sample: tf.Tensor
    label: tf.Tensor
    row: tf.Tensor
    column: tf.Tensor
    slot: tf.Tensor
    slots: tf.Tensor
    log_share: tf.Tensor
    log_rest: tf.Tensor

    @classmethod
    def signature(cls) -> PositivePairs:
        """Return the input signature for a traced function."""
        number, share = tf.TensorSpec([None], tf.int32), tf.TensorSpec([None])
        return cls(
            *(number, number, number, number, number), tf.TensorSpec([], tf.int32), share, share
        )

    def between(self, part: str, first: tf.Tensor, count: tf.Tensor) -> PositivePairs:
        """Return the cells whose `part` is one of `count` from `first` on, renumbered from 0."""
        number = getattr(self, part) - first
        return self._replace(**{part: number}).chosen((number >= 0) & (number < count))

    def chosen(self, which: tf.Tensor) -> PositivePairs:
        """Return the cells where `which`, bool `[N]`, is true."""
        places = tf.squeeze(tf.where(which), axis=1)
        parts = self._asdict()
        slots = parts.pop("slots")
        listed = {name: tf.gather(part, places) for name, part in parts.items()}
        return PositivePairs(**listed, slots=slots)

    def losses(self, scores: tf.Tensor, samples: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """Return log(1 + sum p exp(-s)) over each label's positives, `[B, H]`, for scores `[N]`."""
        places = tf.stack([self.sample, self.label, self.slot], axis=1)
        inverted = tf.fill([samples, labels, self.slots], -float("inf"))
        return log1p_sum_exp(tf.tensor_scatter_nd_update(inverted, places, self.log_share - scores))


@traced_once(
    tf.TensorSpec([None, None, None, 2], tf.int32),
    tf.TensorSpec([None, None], tf.bool),
    tf.TensorSpec([], tf.bool),
)
def positive_pairs(
    labels: tf.Tensor, mask: tf.Tensor, tril_mask: tf.Tensor | bool
) -> PositivePairs:
    """Return the list of positives that count.

    Args:
        labels: int32 `[B, H, K, 2]` below `L`; (0, 0) pads. Pairs on masked cells are dropped, and
            with `tril_mask` also pairs below the diagonal.
        mask: bool `[B, L]`.
        tril_mask: whether pairs with the end before the start are masked.

    Example:

    >>> labels = tf.constant([[[[0, 0], [2, 3], [2, 3], [3, 1]]]])
    >>> pairs = positive_pairs(labels, tf.ones([1, 4], tf.bool), tril_mask=True)
    >>> pairs.row.numpy(), pairs.column.numpy()
    (array([2], dtype=int32), array([3], dtype=int32))
    """
    length = tf.shape(mask)[1]
    cells = tf.sort(labels[..., 0] * length + labels[..., 1], axis=-1)
    distinct = tf.concat(
        [tf.ones_like(cells[..., :1], tf.bool), cells[..., 1:] != cells[..., :-1]], axis=-1
    )
    listed = tf.cast(tf.where(distinct & (cells != 0)), tf.int32)
    cell = tf.gather_nd(cells, listed)
    sample, label, slot = tf.unstack(listed, axis=1)
    row, column = cell // length, cell % length
    kept = tf.gather_nd(mask, tf.stack([sample, row], 1))
    kept &= tf.gather_nd(mask, tf.stack([sample, column], 1))
    kept &= (row <= column) | tf.logical_not(tril_mask)
    whole = tf.zeros_like(sample, tf.float32)
    slots = tf.shape(labels)[2]
    pairs = PositivePairs(sample, label, row, column, slot, slots, whole, whole - float("inf"))
    return pairs.chosen(kept)


def pairs_of_teacher(targets: tf.Tensor, lowest: float) -> PositivePairs:
    """Return the cells that a teacher scores above `lowest`, with a positive share of sigmoid(2t).

    Args:
        targets: `t`, the teacher's scores, float32 `[B, H, L, L]`, -inf on cells that do not count.
        lowest: the score up to which cells count as negatives.

    Example:

    >>> pairs = pairs_of_teacher(tf.constant([[[[-9.0, 0.0], [-9.0, 4.0]]]]), lowest=-3.0)
    >>> pairs.row.numpy(), tf.exp(pairs.log_share).numpy().round(4)
    (array([0, 1], dtype=int32), array([0.5   , 0.9997], dtype=float32))
    """
    texts, labels = tf.unstack(tf.shape(targets)[:2])
    cells = tf.where(targets > lowest)
    scores = tf.gather_nd(targets, cells)
    sample, label, row, column = tf.unstack(tf.cast(cells, tf.int32), axis=1)
    group = sample * labels + label
    sizes = tf.math.bincount(group, minlength=texts * labels)
    slot = tf.range(tf.size(group)) - tf.gather(tf.cumsum(sizes, exclusive=True), group)
    shares = tf.math.log_sigmoid(2.0 * scores), tf.math.log_sigmoid(-2.0 * scores)
    return PositivePairs(sample, label, row, column, slot, tf.reduce_max(sizes), *shares)
