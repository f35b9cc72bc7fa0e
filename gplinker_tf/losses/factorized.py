"""The pointer loss computed from the factors of the scores, without a `[B, H, L, L]` tensor."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import tf, traced_once
from gplinker_tf.losses._chunked_losses import chunked_losses, scores_at_once
from gplinker_tf.losses._countable_pairs import countable_pairs
from gplinker_tf.losses._positive_pairs import PositivePairs, positive_pairs
from gplinker_tf.losses._split_losses import SAFE_SPREAD, split_losses, spread_of
from gplinker_tf.losses.arguments import PAIR_ADVICE, expect_shapes, pairs_inside

NAME = "factorized_globalpointer_crossentropy"
ADVICE = f"For logits [B, H, L, L], use globalpointer_crossentropy. {PAIR_ADVICE}"


def factorized_globalpointer_crossentropy(
    labels: tf.Tensor, factors: Any, mask: tf.Tensor, tril_mask: bool = False
) -> tf.Tensor:
    """Compute `globalpointer_crossentropy` of the logits that the factors represent.

        L_h = log(1 + sum_{P_h} exp(-s)) + log(1 + sum_{N_h} exp(s)),
        s[b,h,m,n] = q[b,h,m] . k[b,h,n] / sqrt(S) + r[b,h,m] + c[b,h,n]

    With biases (`EfficientGlobalPointer`), the sum over negatives is a matrix product,
    `sum_m exp(r_m) (exp(A) exp(c))_m`, except for the few rows with a positive. Without biases
    (`GlobalPointer`), it is computed for a few texts and labels at a time. The positives are left
    out, not subtracted, so the loss is exact.

    Args:
        labels: integer `[B, H, K, 2]`, positive (row, column) pairs of each label; (0, 0) pads and
            is left out of the loss. Repeated pairs count once; pairs on masked cells are dropped.
        factors: query, key, start and end bias, as returned by a pointer layer's `factors`:
            `[B, L, S]` twice and `[B, H, L]` twice, or `[B, L, H, S]` twice and `None` twice.
        mask: bool `[B, L]`, True on tokens.
        tril_mask: whether pairs with the end before the start are masked.

    Returns:
        One value per sample, float32 `[B]`.

    Raises:
        ValueError: a shape is wrong, or in eager mode a pair lies outside the `L` tokens.
        tf.errors.InvalidArgumentError: in a graph, a pair lies outside.

    Example:

    >>> query = tf.random.stateless_normal([1, 5, 8], [1, 2])
    >>> bias = tf.zeros([1, 3, 5])
    >>> pairs = tf.constant([[[[1, 2]], [[0, 0]], [[3, 3]]]])
    >>> mask = tf.ones([1, 5], tf.bool)
    >>> factorized_globalpointer_crossentropy(pairs, (query, query, bias, bias), mask).shape
    TensorShape([1])

    Source: https://kexue.fm/archives/7359 for the loss, https://kexue.fm/archives/8877 for the
    factors; their combination is ours.
    """
    _expect_shapes(labels, factors, mask)
    mask = tf.cast(mask, tf.bool)
    labels = pairs_inside(NAME, labels, tf.shape(mask)[1])
    return losses_of_pairs(positive_pairs(labels, mask, tril_mask), factors, mask, tril_mask)


def losses_of_pairs(
    pairs: PositivePairs, factors: Any, mask: tf.Tensor, tril_mask: bool
) -> tf.Tensor:
    """Return the loss for listed positives, float32 `[B]`; other arguments as in the loss."""
    query, key = (tf.cast(part, tf.float32) for part in factors[:2])
    scale, counted = query.shape[-1] ** -0.5, (pairs, mask, countable_pairs(mask, tril_mask))
    if factors[2] is None:
        losses = chunked_losses(query, key, scale, *counted, scores_at_once())
    else:
        biases = (tf.cast(part, tf.float32) for part in factors[2:])
        bounds = SAFE_SPREAD, scores_at_once()
        losses = _losses_with_biases(query * scale, key, *biases, *counted, *bounds)
    return tf.reduce_sum(losses, axis=1)


@traced_once(
    *[tf.TensorSpec([None] * 3)] * 4,
    PositivePairs.signature(),
    tf.TensorSpec([None, None], tf.bool),
    tf.TensorSpec([None] * 3, tf.bool),
    tf.TensorSpec([]),
    tf.TensorSpec([], tf.int32),
)
def _losses_with_biases(
    query: tf.Tensor,
    key: tf.Tensor,
    start_bias: tf.Tensor,
    end_bias: tf.Tensor,
    pairs: PositivePairs,
    mask: tf.Tensor,
    countable: tf.Tensor,
    safe_spread: tf.Tensor,
    chunk: tf.Tensor,
) -> tf.Tensor:
    """Return the loss of each label, `[B, H]`; the query is already scaled."""
    factors = query, key, start_bias, end_bias
    # Otherwise their gradient would be part of the trace.
    counted = tf.nest.map_structure(tf.stop_gradient, pairs), mask, countable
    return tf.cond(
        spread_of(end_bias, mask) < safe_spread,
        lambda: split_losses(*factors, *counted),
        lambda: chunked_losses(*_with_biases(*factors), 1.0, *counted, chunk),
    )


def _expect_shapes(labels: Any, factors: Any, mask: Any) -> None:
    if not isinstance(factors, (tuple, list)) or len(factors) != 4:
        raise ValueError(
            f"{NAME}: Expected query, key, start and end bias. "
            f"Received: factors of type {type(factors).__name__}. {ADVICE}"
        )
    of_factors = ["B L H S"] * 2 if factors[2] is None else ["B L S"] * 2 + ["B H L"] * 2
    names = ("query", "key", "start_bias", "end_bias")[: len(of_factors)]
    arguments = {"labels": (labels, "B H K 2"), "mask": (mask, "B L")}
    arguments |= zip(names, zip(factors, of_factors, strict=False), strict=True)
    expect_shapes(NAME, arguments, ADVICE, positions="labels")


def _with_biases(
    query: tf.Tensor, key: tf.Tensor, start_bias: tf.Tensor, end_bias: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return query and key per label, `[B, L, H, S + 2]`, whose product includes the biases."""
    start_bias, end_bias = (tf.transpose(b, [0, 2, 1])[..., None] for b in (start_bias, end_bias))
    one = tf.ones_like(start_bias)
    labels = tf.shape(start_bias)[2]
    query, key = (tf.repeat(part[:, :, None], labels, axis=2) for part in (query, key))
    return tf.concat([query, start_bias, one], -1), tf.concat([key, one, end_bias], -1)
