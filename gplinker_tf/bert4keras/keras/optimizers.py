"""`keras.optimizers` with the arguments of Keras 2.3: `lr` and `decay`."""

from __future__ import annotations

import inspect
from typing import Any

from gplinker_tf.backend import keras

__all__ = [name for name in dir(keras.optimizers) if not name.startswith("_")]

#: The optimizers that Keras 2.3 had.
OLD = ("Adadelta", "Adagrad", "Adam", "Adamax", "Nadam", "RMSprop", "SGD")


def __getattr__(name: str) -> Any:
    return getattr(keras.optimizers, name)


def __dir__() -> list[str]:
    return __all__


def _with_new_names(optimizer: Any, args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments, each under the name that today's optimizer takes."""
    signature = inspect.signature(optimizer)
    arguments = signature.bind_partial(*args).arguments | kwargs
    if "lr" in arguments:
        arguments["learning_rate"] = arguments.pop("lr")
    if decay := arguments.pop("decay", None):
        rate = arguments.get("learning_rate", signature.parameters["learning_rate"].default)
        schedule = keras.optimizers.schedules.InverseTimeDecay
        arguments["learning_rate"] = schedule(rate, 1, decay)
    return arguments


def _taking_old_names(optimizer: Any) -> Any:
    """Return a class that makes the optimizer itself, which Keras saves and loads by its name."""

    class TakingOldNames(optimizer):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            if cls is TakingOldNames:
                return optimizer(**_with_new_names(optimizer, args, kwargs))
            return super().__new__(cls)

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(**_with_new_names(optimizer, args, kwargs))

    for name, value in (("__name__", optimizer.__name__), ("__module__", __name__)):
        setattr(TakingOldNames, name, value)
    TakingOldNames.__doc__ = f"Keras's `{optimizer.__name__}`, which also takes `lr` and `decay`."
    return TakingOldNames


for _name in OLD:
    globals()[_name] = _taking_old_names(getattr(keras.optimizers, _name))
