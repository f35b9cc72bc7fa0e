"""The scores of a GPLinker batch before they are multiplied out."""

from __future__ import annotations

from typing import NamedTuple

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.backend import tf
from gplinker_tf.layers import PointerFactors
from gplinker_tf.models.base import finite_texts


class GPLinkerFactors(NamedTuple):
    """The scores of a batch as factors, the input of the loss and of decoding.

    For a layer that is not a pointer, its logits `[B, H, L, L]` replace the factors.

    Args:
        entity: factors of (start, end) of subjects, then of objects; or of both together.
        head: factors of (subject start, object start | predicate).
        tail: factors of (subject end, object end | predicate), or `None`.
        mask: bool `[B, L]`, True on tokens, False on padding.
    """

    entity: PointerFactors | tf.Tensor
    head: PointerFactors | tf.Tensor
    tail: PointerFactors | tf.Tensor | None
    mask: tf.Tensor

    def __repr__(self) -> str:
        return shapes_repr(self)


def finite_factors(factors: GPLinkerFactors) -> tf.Tensor:
    """Return bool `[B]`: whether all factors or unmasked logits of a text are finite."""
    finite = []
    for scores in factors[:3]:
        if isinstance(scores, PointerFactors):
            finite += [finite_texts(part) for part in scores if part is not None]
        elif scores is not None:
            masked = tf.equal(scores, -float("inf"))
            finite.append(finite_texts(tf.where(masked, tf.zeros_like(scores), scores)))
    return tf.reduce_all(tf.stack(finite), axis=0)
