"""Graphs that TensorFlow traces, and how it saves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorflow.core.protobuf.saved_model_pb2 import SavedModel as SavedModel

from gplinker_tf.backend._generation import tf


def with_constants(function: Any) -> Any:
    """A traced TensorFlow function with its variables as constants."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    return convert_variables_to_constants_v2(function, lower_control_flow=False)


def traced_once(*signature: Any) -> Callable[[Callable[..., Any]], Any]:
    """Decorates a function that a process traces once, with its gradient, whoever calls it.

    GPLinker has three losses, and a process several models: tracing takes a second or more each
    time. The function stays one of its own in their graphs: put in its place, it would be
    optimized as often as it is called.

    Args:
        *signature: what TensorFlow's `input_signature` takes.

    Example:

    >>> @traced_once(tf.TensorSpec([None]))
    ... def doubled(numbers):
    ...     return 2.0 * numbers
    >>> doubled(tf.constant([1.0, 2.0])).numpy().tolist(), doubled(tf.constant([3.0])).numpy()
    ([2.0, 4.0], array([6.], dtype=float32))
    >>> doubled.experimental_get_tracing_count()
    1
    """
    return tf.function(
        input_signature=signature,
        autograph=False,
        experimental_attributes={"_noinline": True},
    )
