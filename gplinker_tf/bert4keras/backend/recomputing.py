"""Memory and devices."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from typing import Any

from gplinker_tf.backend import tf

#: Whether `recompute_grad` has an effect: the environment variable RECOMPUTE, as in bert4keras.
do_recompute = os.environ.get("RECOMPUTE", "0").lower() in ("1", "y", "yes", "t", "true", "on")


def recompute_grad(call: Callable) -> Callable:
    """Decorate a layer's `call` so that it is recomputed for the gradients.

    Intermediate results of the call are not kept, which saves memory and costs another forward
    pass. Without the environment variable `RECOMPUTE=1`, the method is not changed.

    Args:
        call: the method.

    Source: bert4keras 0.11.5; https://arxiv.org/abs/1604.06174.
    """
    if not do_recompute:
        return call
    taken = inspect.signature(call).parameters

    @functools.wraps(call)
    def recomputed(self: Any, inputs: Any, **kwargs: Any) -> Any:
        known = {
            name: value
            for name, value in kwargs.items()
            if name in taken or name not in ("mask", "training")
        }

        @tf.recompute_grad
        def of_tensors(*tensors: tf.Tensor) -> Any:
            return call(self, tf.nest.pack_sequence_as(inputs, tensors), **known)

        return of_tensors(*tf.nest.flatten(inputs))

    return recomputed


def graph_mode_decorator(f: Callable, *args: Any, **kwargs: Any) -> Any:
    """Call a function that returns its result and a gradient function.

    Args:
        f: a function for `tf.custom_gradient`.
        *args: tensor arguments of the function.
        **kwargs: other arguments of the function.

    Returns:
        The result, with the gradient that the function defines.
    """
    return tf.custom_gradient(f)(*args, **kwargs)


def get_available_gpus() -> list[str]:
    """Return the names of the GPUs, such as `"/device:GPU:0"`."""
    return [device.name for device in tf.config.list_logical_devices("GPU")]
