"""Traced TensorFlow graphs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorflow.core.protobuf.saved_model_pb2 import SavedModel as SavedModel

from gplinker_tf.backend._generation import tf


def with_constants(function: Any) -> Any:
    """Return a traced TensorFlow function with its variables replaced by constants."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    return convert_variables_to_constants_v2(function, lower_control_flow=False)


def traced_once(*signature: Any) -> Callable[[Callable[..., Any]], Any]:
    """Decorate a function so that it is traced, with its gradient, only once per process.

    Tracing takes a second or more each time, and a process may have several models, each GPLinker
    with three losses. The function is not inlined in their graphs: otherwise it would be optimized
    once per call.

    Args:
        *signature: the value of TensorFlow's `input_signature`.

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
