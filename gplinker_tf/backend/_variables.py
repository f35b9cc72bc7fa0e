"""Helpers for variables in both Keras generations."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend._generation import KERAS_3, tf


def resource_of(variable: Any) -> tf.Variable:
    """Return the TensorFlow variable behind a Keras variable."""
    return variable if isinstance(variable, tf.Variable) else variable.value


def steps_taken(optimizer: Any) -> int:
    """Return how many steps an optimizer has taken, with any distribution strategy."""
    return int(resource_of(optimizer.iterations).numpy())


def learning_rate_of(optimizer: Any) -> float:
    """Return the learning rate of an optimizer's next step, from a number or a schedule."""
    rate = optimizer.learning_rate
    if not KERAS_3:  # the property is the rate of the last step taken in this process
        rate = getattr(optimizer, "_learning_rate", rate)
    value = rate(optimizer.iterations) if callable(rate) else rate
    return float(tf.convert_to_tensor(value))  # also for a variable mirrored on several devices
