"""TensorFlow's warning that a function is traced too often, where it is a false alarm."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from gplinker_tf.backend import tf

#: Keras's own functions of a step, in both generations.
OF_KERAS = re.compile(r"calls to <function \w+\.(_make_function|make_\w+_function)\.<locals>\.")


def without_false_alarm(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a model within which Keras's functions are not said to be traced too often.

    They are traced at most three times a model, when sizes of batches turn out to vary. But
    TensorFlow counts by the code of a function, so the steps of all models of a process together,
    under Keras 3 those of training and evaluation too: five models with a step each, or one with
    short texts after long ones, and it warns. It still does of any other function.
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
