"""A filter for TensorFlow's warning about excessive retracing where it is a false alarm."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from gplinker_tf.backend import tf

#: Keras's own step functions, in both generations.
OF_KERAS = re.compile(r"calls to <function \w+\.(_make_function|make_\w+_function)\.<locals>\.")


def without_false_alarm(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method of a model so that retracing of Keras's step functions causes no warning.

    These are traced at most three times per model, when batch sizes turn out to vary. But
    TensorFlow counts by a function's code, so it adds up the steps of all models of a process,
    and under Keras 3 also those of training and evaluation: it warns after five models with one
    step each, or after short texts follow long ones. Warnings for other functions remain.
    """

    @wraps(method)
    def quiet(*args: Any, **kwargs: Any) -> Any:
        logger, without = tf.get_logger(), _NoFalseAlarm()
        logger.addFilter(without)
        try:
            return method(*args, **kwargs)
        finally:
            logger.removeFilter(without)

    return quiet


class _NoFalseAlarm(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        return "tf.function retracing" not in message or not OF_KERAS.search(message)
