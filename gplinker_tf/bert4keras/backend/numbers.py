"""Functions of numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.keras import backend as K


def piecewise_linear(t: Any, schedule: dict[int, float], from_zero: bool = True) -> tf.Tensor:
    """A function through points, constant behind the last.

    Args:
        t: where, a number or tensor; steps of training, mostly.
        schedule: place to value.
        from_zero: start with 0 at 0 where the schedule has no value for 0; else with its first.

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
    """The root of the mean of squares, over some axes or all.

    Example:

    >>> float(root_mean_square([2.0, -2.0, 4.0, 0.0, 0.0, 0.0]))
    2.0
    """
    return tf.sqrt(tf.reduce_mean(tf.square(x), axis=axis, keepdims=keepdims))


def dtype(x: Any) -> str | None:
    """The name of a tensor's dtype, or `None` for what is no tensor.

    Example:

    >>> dtype(tf.constant(1)), dtype(1)
    ('int32', None)
    """
    kind = getattr(x, "dtype", None)
    return None if kind is None else tf.as_dtype(kind).base_dtype.name
