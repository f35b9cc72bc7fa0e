"""bert4keras's modules on current TensorFlow: old scripts only need new import lines.

    from gplinker_tf.bert4keras.backend import keras, K
    from gplinker_tf.bert4keras.models import build_transformer_model
    from gplinker_tf.bert4keras.keras.layers import Dense

`gplinker migrate script.py` changes those lines. In both Keras generations, these modules behave
like bert4keras 0.11.5 under Keras 2.3; docs/compatibility.md lists what is available and what
differs. For new code, use the package's own modules: `gplinker_tf.layers`, `gplinker_tf.losses`,
`gplinker_tf.models`.

Source: bert4keras 0.11.5, https://github.com/bojone/bert4keras.
"""

import importlib
from types import ModuleType

from gplinker_tf.bert4keras.generations import refuse_two_generations

refuse_two_generations()

MODULES = ("backend", "keras", "layers", "models", "optimizers", "snippets", "tokenizers")


def __getattr__(name: str) -> ModuleType:
    if name in MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
