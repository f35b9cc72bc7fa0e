"""Our layers in a custom Keras model: saved, loaded, cloned, exported."""

import numpy as np
import pytest

from gplinker_tf.backend import KERAS_3, keras, tf
from gplinker_tf.encoders import bert_from_config
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer, HandshakingKernel

CONFIG = {
    "vocab_size": 50,
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.1,
    "max_position_embeddings": 16,
}
LAYERS = {
    "standard": lambda: GlobalPointer(2, 8, name="pointer"),
    "efficient": lambda: EfficientGlobalPointer(2, 8, name="pointer"),
    "kernel": lambda: HandshakingKernel(name="pointer"),
}


def model_with(layer, seed=1):
    keras.utils.set_random_seed(seed)
    encoder = bert_from_config(CONFIG)
    scores = LAYERS[layer]()(encoder.outputs[0])
    return keras.Model(encoder.inputs, [scores, encoder.outputs[0]])


def batch(length=6):
    token_ids = np.random.default_rng(length).integers(1, 50, [3, length]).astype("int32")
    return [token_ids, np.zeros_like(token_ids)]


def assert_same(got, expected):
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("layer", LAYERS)
def test_a_model_with_the_layer_is_saved_loaded_cloned_and_exported(layer, tmp_path):
    model = model_with(layer)
    expected = model(batch())
    for name in ["w.weights.h5"] if KERAS_3 else ["w.weights.h5", "w.h5", "checkpoint"]:
        model.save_weights(str(tmp_path / name))
        other = model_with(layer, seed=2)
        other.load_weights(str(tmp_path / name))
        assert_same(other(batch()), expected)
    # The pointer's mask is an operation in the model, which Keras 3 can't load from HDF5.
    for name in ["model.keras", "model.h5"][: 1 if KERAS_3 and layer != "kernel" else 2]:
        model.save(str(tmp_path / name))
        assert_same(keras.models.load_model(str(tmp_path / name))(batch()), expected)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    assert_same(clone(batch()), expected)
    model.export(str(tmp_path / "export"))
    exported = tf.saved_model.load(str(tmp_path / "export"))
    assert_same(exported.serve(batch(11)), model(batch(11)))


def test_the_two_parts_of_a_layer_have_names_of_their_own():
    """Legacy Keras uses the names in HDF5 files."""
    model = model_with("efficient")
    names = [getattr(weight, "path", weight.name) for weight in model.weights]
    assert len(set(names)) == len(names)
