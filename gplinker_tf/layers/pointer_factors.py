"""The low-rank form of pointer scores, and the full logits computed from it."""

from __future__ import annotations

from typing import NamedTuple

from gplinker_tf._reprs import shapes_repr
from gplinker_tf._token_pairs import valid_pairs
from gplinker_tf.backend import tf


class PointerFactors(NamedTuple):
    """The scores of all token pairs, not yet multiplied out:

        s[b,h,m,n] = q[b,h,m] . k[b,h,n] / sqrt(S) + r[b,h,m] + c[b,h,n]

    Args:
        query: `q`, rotated with `rotate_apart` if the layer uses RoPE: `[B, L, H, S]` for
            `GlobalPointer`, `[B, L, S]` (shared by all labels) for `EfficientGlobalPointer`.
        key: `k`, the same shape.
        start_bias: `r`, `[B, H, L]`, or `None` for `GlobalPointer`.
        end_bias: `c`, `[B, H, L]`, or `None` for `GlobalPointer`.
    """

    query: tf.Tensor
    key: tf.Tensor
    start_bias: tf.Tensor | None
    end_bias: tf.Tensor | None

    def __repr__(self) -> str:
        return shapes_repr(self)


def pointer_logits(
    factors: PointerFactors, mask: tf.Tensor | None = None, tril_mask: bool = False
) -> tf.Tensor:
    """All scores, `[B, H, L, L]`; the second-to-last axis is the start (or subject) token.

    Args:
        factors: the factors returned by a pointer layer.
        mask: bool `[B, L]`, True on tokens, or `None`; pairs with padding score -inf.
        tril_mask: whether pairs with the end before the start score -inf.

    Example:

    >>> query = tf.constant([[[2.0], [3.0]]])
    >>> factors = PointerFactors(query, query, tf.zeros([1, 1, 2]), tf.constant([[[0.5, 0.0]]]))
    >>> pointer_logits(factors, tril_mask=True).numpy()
    array([[[[ 4.5,  6. ],
             [-inf,  9. ]]]], dtype=float32)

    Source: GlobalPointer, https://kexue.fm/archives/8373, and Efficient GlobalPointer,
    https://kexue.fm/archives/8877.
    """
    query, key, start_bias, end_bias = factors
    valid = valid_pairs(mask, tf.shape(query)[1], tril_mask)
    # Scaled before the product, which could otherwise overflow in float16.
    query = query * tf.cast(query.shape[-1] ** -0.5, query.dtype)
    if start_bias is None or end_bias is None:
        logits = tf.einsum("bmhs,bnhs->bhmn", query, key)
    else:
        shared = tf.matmul(query, key, transpose_b=True)
        logits = shared[:, None] + start_bias[:, :, :, None] + end_bias[:, :, None, :]
    if valid is None:
        return logits
    return tf.where(valid[:, None], logits, tf.constant(-float("inf"), logits.dtype))
