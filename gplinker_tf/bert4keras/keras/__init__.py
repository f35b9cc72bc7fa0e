"""`keras` for bert4keras's scripts: `tf.keras` of either generation, behaving like Keras 2.3.

`from gplinker_tf.bert4keras.keras.layers import Dense` and `keras.models.Model` both work. Models
take lists, generators of lists and integer labels, predict silently, and are saved under any
name, also by `ModelCheckpoint`; layers have `get_output_at`; optimizers take `lr` and `decay`.
"""

import sys
from types import ModuleType
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.generations import refuse_two_generations

refuse_two_generations()

from gplinker_tf.bert4keras.keras import (  # noqa: E402
    backend,
    callbacks,
    layers,
    models,
    optimizers,
)

Model, Sequential = models.Model, models.Sequential

__all__ = ["Model", "Sequential", "backend", "callbacks", "layers", "models", "optimizers"]

# Keras's other modules, so that `from ...keras.losses import` works too.
for _name in dir(keras):
    _module = getattr(keras, _name)
    if isinstance(_module, ModuleType) and _name not in (*__all__, "src"):
        sys.modules[f"{__name__}.{_name}"] = _module


def __getattr__(name: str) -> Any:
    return getattr(keras, name)


def __dir__() -> list[str]:
    return sorted({*dir(keras), *__all__})
