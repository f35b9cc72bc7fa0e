"""Numeric functions."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.keras import backend as K


def piecewise_linear(t: Any, schedule: dict[int, float], from_zero: bool = True) -> tf.Tensor:
    """Return the value at `t` of a piecewise linear function, constant after its last point.

    Args:
        t: a number or tensor, usually training steps.
        schedule: the points of the function, a dict from `t` to value.
        from_zero: start from 0 at 0 if the schedule has no value there, else from its first value.

    Example:

    >>> [float(piecewise_linear(t, {10: 1.0, 20: 0.5})) for t in (0, 5, 10, 15, 30)]
    [0.0, 0.5, 1.0, 0.75, 0.5]
    """
    points = sorted(schedule.items())
    if from_zero and points[0][0] != 0:
        points = [(0, 0.0), *points]
    t = tf.cast(t, K.floatx())
    result = tf.zeros_like(t) + points[0][1]
    for (start, low), (end, high) in pairwise(points):
        line = low + (high - low) / (end - start) * (t - start)
        result = tf.where(t >= start, line, result)
    return tf.where(t >= points[-1][0], tf.cast(points[-1][1], t.dtype), result)


def root_mean_square(x: Any, axis: Any = None, keepdims: bool = False) -> tf.Tensor:
    """Return the root mean square over some or all axes.

    Example:

    >>> float(root_mean_square([2.0, -2.0, 4.0, 0.0, 0.0, 0.0]))
    2.0
    """
    return tf.sqrt(tf.reduce_mean(tf.square(x), axis=axis, keepdims=keepdims))


def dtype(x: Any) -> str | None:
    """Return the name of a tensor's dtype, or `None` if `x` is not a tensor.

    Example:

    >>> dtype(tf.constant(1)), dtype(1)
    ('int32', None)
    """
    kind = getattr(x, "dtype", None)
    return None if kind is None else tf.as_dtype(kind).base_dtype.name
