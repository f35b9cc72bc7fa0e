"""The weights that bert4keras's two attention layers read with."""

from __future__ import annotations

import math
from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.encoders.layers.self_attention import PADDING_BIAS


def attention_weights(scores: tf.Tensor, mask: Any, bias: Any, method: str) -> tf.Tensor:
    """The weights of scores: `attention_normalize`, for the layers.

    It adds to the scores what keeps places from being read, where `attention_normalize` replaces
    them: a softmax then takes less time.

    Args:
        scores: `[B, L, M]` or `[B, H, L, M]`.
        mask: of the places that are read, `[B, M]`, or `None`.
        bias: `[L, M]`, `[B, L, M]` or `[B, H, L, M]`: bool (who may read what), or numbers that
            are added to the scores; or `None`.
        method: `normalization` of the layers.
    """
    if bias is not None and 2 < len(bias.shape) < len(scores.shape):
        bias = bias[:, None]
    exact = tf.float64 if scores.dtype == tf.float64 else tf.float32
    masked, readable = _masked(tf.cast(scores, exact), mask, bias)
    if method == "softmax":
        weights = tf.nn.softmax(masked)
    elif method in ("squared_relu", "softmax_plus"):
        if readable is None:
            count = tf.cast(tf.shape(scores)[-1], exact)
        else:
            count = tf.reduce_sum(tf.cast(readable, exact), axis=-1, keepdims=True)
        if method == "squared_relu":
            weights = tf.math.divide_no_nan(tf.nn.relu(masked) ** 2, count)
        else:
            # Short texts get no flatter weights than those of 16 places.
            factor = tf.math.log(tf.maximum(count, 16.0)) / math.log(512)
            weights = tf.nn.softmax(masked * factor)
    else:
        weights = masked
    return tf.cast(weights, scores.dtype)


def _masked(scores: tf.Tensor, mask: Any, bias: Any) -> tuple[tf.Tensor, Any]:
    """The scores with -1e12 added where nothing is read, and where something is, or `None`."""
    readable = None
    if mask is not None:
        batch, length = tf.unstack(tf.shape(mask))
        shape = [batch, *[1] * (len(scores.shape) - 2), length]
        readable = tf.reshape(tf.cast(mask, tf.bool), shape)
    if bias is not None and bias.dtype == tf.bool:
        readable = bias if readable is None else readable & bias
    elif bias is not None:
        scores += tf.cast(bias, scores.dtype)
    if readable is not None:
        scores += PADDING_BIAS * tf.cast(~readable, scores.dtype)
    return scores, readable
