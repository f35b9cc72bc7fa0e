"""Imports under bert4keras's names, and the errors for names that do not exist."""

import subprocess
import sys

import pytest
from reference import requires_keras_3, requires_legacy

import gplinker_tf.bert4keras as face
from gplinker_tf.bert4keras import backend, layers
from gplinker_tf.bert4keras.keras import backend as keras_backend


def test_both_ways_to_keras():
    from gplinker_tf.bert4keras.backend import K, keras
    from gplinker_tf.bert4keras.keras.callbacks import Callback
    from gplinker_tf.bert4keras.keras.layers import Dense
    from gplinker_tf.bert4keras.keras.models import Model

    assert keras.layers.Dense is Dense is layers.Dense
    assert keras.models.Model is Model is keras.Model
    assert keras.callbacks.Callback is Callback
    assert K is keras.backend is keras_backend
    assert face.models.build_transformer_model


def test_star_imports_bring_the_layers():
    names = {}
    exec("from gplinker_tf.bert4keras.layers import *", names)
    assert names["GlobalPointer"] is layers.GlobalPointer and "Dense" in names


def test_a_name_that_is_not_here():
    with pytest.raises(AttributeError, match=r"bert4keras has 'GPT2_ML'.*docs/comp"):
        face.models.GPT2_ML  # noqa: B018
    with pytest.raises(ImportError, match=r"bert4keras has 'GPT2_ML'.*docs/comp"):
        from gplinker_tf.bert4keras.models import GPT2_ML  # noqa: F401
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        backend.Nonsense  # noqa: B018


def run(code, **environment):
    import os

    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
@requires_keras_3
def test_legacy_keras_beside_keras_3_is_refused():
    ran = run("import tf_keras, gplinker_tf.bert4keras")
    assert "ImportError: Expected one generation of Keras" in ran.stderr
    assert "TF_USE_LEGACY_KERAS=1" in ran.stderr


@requires_legacy
def test_keras_3_beside_legacy_keras_is_refused():
    ran = run("import keras, gplinker_tf.bert4keras.keras")
    assert "ImportError: Expected one generation of Keras" in ran.stderr
    late = "from gplinker_tf.bert4keras.models import build_transformer_model as b; import keras;"
    ran = run(late + "b(vocab_size=9, hidden_size=2)")
    assert "ImportError: Expected one generation of Keras" in ran.stderr


BESIDE = """
import tensorflow as tf
tf.keras.optimizers.Optimizer = tf.keras.optimizers.legacy.Optimizer
from bert4keras.models import build_transformer_model
from bert4keras.optimizers import Adam
import gplinker_tf
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer
from gplinker_tf.losses import globalpointer_crossentropy
import numpy as np
for family in ("bert", "roformer"):
    bert = build_transformer_model(
        vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=12, hidden_act="gelu", max_position=16, model=family, embedding_size=8)
    outputs = [layer(2, 4)(bert.output) for layer in (EfficientGlobalPointer, GlobalPointer)]
    model = tf.keras.Model(bert.inputs, outputs)
    model.compile(Adam(0.01), globalpointer_crossentropy)
    ids = np.array([[2, 5, 9, 3, 0]] * 4)
    pairs = np.array([[[[1, 2]], [[0, 0]]]] * 4)
    losses = model.fit([ids, 0 * ids], [pairs, pairs], epochs=8, verbose=0).history["loss"]
    assert losses[-1] < losses[0] < 1e3, (family, losses)
    assert np.isinf(model.predict([ids, 0 * ids], verbose=0)[0][..., -1]).all(), family
    print(family, "learns")
"""


@requires_legacy
def test_layers_and_losses_beside_the_real_bert4keras():
    ran = run(BESIDE, TF_KERAS="1")
    assert ran.stdout.count("learns") == 2, ran.stdout + ran.stderr[-2000:]


@pytest.mark.slow
@requires_keras_3
def test_the_wrong_order_beside_bert4keras_says_what_to_do():
    code = "import sys, types; sys.modules['bert4keras'] = types.ModuleType('bert4keras')\n"
    ran = run(code + "import gplinker_tf.layers as l; l.GlobalPointer")
    assert "TF_USE_LEGACY_KERAS=1" in ran.stderr and "docs/compatibility.md" in ran.stderr
