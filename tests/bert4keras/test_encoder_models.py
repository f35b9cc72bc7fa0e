"""The encoder families and their layers, compared with bert4keras 0.11.5."""

from pathlib import Path

import numpy as np
import pytest
from encoder_face_cases import (
    LAYERS,
    MODELS,
    build,
    layer_cases,
    outputs_and_gradients,
    run_model,
)
from face_cases import run_layer
from reference import load_bert4keras, requires_legacy

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras, layers, models
from gplinker_tf.errors import InputError

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face_encoders.npz")


def outputs_of_golden(key):
    """Return the golden arrays under a key, in the order of their numbers."""
    count = sum(name.rpartition("/")[0] == key and name[-1].isdigit() for name in GOLDEN)
    assert count
    return [GOLDEN[f"{key}/{number}"] for number in range(count)]


@pytest.mark.parametrize("name", MODELS)
def test_hidden_states_and_gradients_of_a_model(name):
    names, outputs, gradients = run_model(build(name, models, keras), name, tf)
    assert names == GOLDEN[f"model/{name}/names"].tolist()
    for got, want in zip(outputs, outputs_of_golden(f"model/{name}"), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-5)
    np.testing.assert_allclose(gradients, GOLDEN[f"model/{name}/gradients"], rtol=1e-4, atol=1e-5)


@requires_legacy
@pytest.mark.parametrize("name", MODELS)
def test_each_value_of_the_gradients_live(name):
    transformers = build(name, load_bert4keras().models, tf.keras), build(name, models, keras)
    (_, _, expected), (_, _, found) = (
        outputs_and_gradients(transformer, name, tf, np.random.default_rng(7))
        for transformer in transformers
    )
    for got, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-5 * max(1.0, np.abs(want).max()))


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_of_the_families(name):
    case = layer_cases(layers)[name]
    layer, _, _ = case
    expected = outputs_of_golden(f"layer/{name}")
    for got, want in zip(run_layer(case, tf), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)
    again = keras.layers.deserialize(keras.layers.serialize(layer))
    for got, want in zip(run_layer((again, *case[1:]), tf), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["bert with heads", "nezha unilm", "gau_alpha"])
def test_a_whole_model_comes_back_from_a_file_of_any_name(name, tmp_path):
    model = build(name, models, keras).model
    model.save(tmp_path / "test.model")
    again = keras.models.load_model(tmp_path / "test.model")
    inputs = [np.array([[2, 5, 3, 0]]), np.array([[0, 1, 1, 0]])]
    results = (tf.nest.flatten(loaded.predict(inputs)) for loaded in (again, model))
    for got, want in zip(*results, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-6)
    with pytest.raises(InputError, match="overwrite=True"):
        model.save(tmp_path / "test.model", overwrite=False)
