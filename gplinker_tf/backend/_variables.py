"""Variables, in both Keras generations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend._generation import KERAS_3, tf


def resource_of(variable: Any) -> tf.Variable:
    """The TensorFlow variable behind a Keras one."""
    return variable if isinstance(variable, tf.Variable) else variable.value


def steps_taken(optimizer: Any) -> int:
    """How many steps an optimizer has taken, whatever the strategy."""
    return int(resource_of(optimizer.iterations).numpy())


def learning_rate_of(optimizer: Any) -> float:
    """The rate of an optimizer's next step, whether it is a number or a schedule."""
    rate = optimizer.learning_rate
    if not KERAS_3:  # its property is the rate of the last step that this process took
        rate = getattr(optimizer, "_learning_rate", rate)
    value = rate(optimizer.iterations) if callable(rate) else rate
    return float(tf.convert_to_tensor(value))  # also of a variable with a copy on each device
