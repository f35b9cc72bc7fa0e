"""ConditionalLayerNormalization: its formula, its weights, saving, precision."""

import numpy as np
import pytest

from gplinker_tf.backend import keras, tf
from gplinker_tf.layers import ConditionalLayerNormalization
from gplinker_tf.precision import layers_compute_in


def inputs(seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(2, 3, shape).astype("float32") for shape in ([2, 5, 8], [2, 3])]


def trained(**kwargs):
    """Return a layer in which every weight matters."""
    layer = ConditionalLayerNormalization(**kwargs)
    layer.build([(None, None, 8), (None, 3)])
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.weights])
    return layer


def by_definition(x, condition, beta, gamma, beta_kernel, gamma_kernel, epsilon):
    x = x.astype(np.float64)
    normal = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + epsilon)
    gamma, beta = gamma + condition @ gamma_kernel, beta + condition @ beta_kernel
    return normal * gamma[:, None] + beta[:, None]


@pytest.mark.parametrize("epsilon", [1e-7, 0.5])
def test_equals_the_formula(epsilon):
    layer = trained(epsilon=epsilon)
    expected = by_definition(*inputs(), *layer.get_weights(), epsilon)
    np.testing.assert_allclose(layer(inputs()), expected, rtol=1e-5, atol=1e-5)


def test_begins_as_a_plain_normalization():
    layer = ConditionalLayerNormalization()
    x, condition = inputs()
    np.testing.assert_array_equal(layer([x, condition]), layer([x, 9 * condition]))
    assert layer.count_params() == 2 * 8 + 2 * 3 * 8


def test_saves_within_a_model(tmp_path):
    x, condition = keras.Input([None, 8]), keras.Input([3])
    model = keras.Model([x, condition], trained(epsilon=0.25)([x, condition]))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(inputs()), model(inputs()))
    assert loaded.layers[-1].epsilon == 0.25


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision(precision):
    with layers_compute_in(precision):
        half = trained()
    result = half(inputs())
    assert result.dtype.name in precision
    assert {w.dtype for w in map(tf.convert_to_tensor, half.weights)} == {tf.float32}
    np.testing.assert_allclose(tf.cast(result, tf.float32), trained()(inputs()), atol=0.15)
