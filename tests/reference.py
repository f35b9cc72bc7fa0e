"""The real bert4keras 0.11.5, made importable with a current TensorFlow (legacy Keras only)."""

import os
import types

import pytest

LEGACY = os.environ.get("TF_USE_LEGACY_KERAS") == "1"

requires_legacy = pytest.mark.skipif(
    not LEGACY, reason="bert4keras needs legacy Keras; golden files replace it under Keras 3"
)
requires_keras_3 = pytest.mark.skipif(
    LEGACY, reason="replaced by the live comparison under legacy Keras"
)
#: For tests that need only one Keras generation: of processes, of losses, of decoding.
in_one_generation = pytest.mark.skipif(LEGACY, reason="runs under Keras 3")


def load_bert4keras() -> types.SimpleNamespace:
    """Return bert4keras's modules: backend, layers, models, optimizers, snippets, tokenizers."""
    os.environ["TF_KERAS"] = "1"
    import tensorflow as tf

    tf.keras.optimizers.Optimizer = tf.keras.optimizers.legacy.Optimizer
    import bert4keras.backend
    import bert4keras.layers
    import bert4keras.models
    import bert4keras.optimizers
    import bert4keras.snippets
    import bert4keras.tokenizers

    return types.SimpleNamespace(
        backend=bert4keras.backend,
        layers=bert4keras.layers,
        models=bert4keras.models,
        optimizers=bert4keras.optimizers,
        snippets=bert4keras.snippets,
        tokenizers=bert4keras.tokenizers,
    )
