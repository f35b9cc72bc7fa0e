"""HandshakingKernel: its formula, its gradients, the order of the pairs, saving, precision."""

import itertools

import numpy as np
import pytest

from gplinker_tf.backend import keras, tf
from gplinker_tf.layers import HandshakingKernel, triangle_pairs, triangle_place, triangle_to_square
from gplinker_tf.precision import layers_compute_in

TEXTS, LENGTH, SIZE = 2, 5, 8


def hidden_states(seed=0):
    return np.random.default_rng(seed).normal(size=[TEXTS, LENGTH, SIZE]).astype("float32")


def trained():
    """Return a layer in which every weight matters."""
    layer = HandshakingKernel()
    layer.build((None, None, SIZE))
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(0, 0.5, weight.shape) for weight in layer.weights])
    return layer


def concatenated(hidden):
    pairs = [(i, j) for i in range(LENGTH) for j in range(i, LENGTH)]
    return tf.stack([tf.concat([hidden[:, i], hidden[:, j]], 1) for i, j in pairs], axis=1)


def test_equals_the_papers_formula():
    layer, hidden = trained(), hidden_states()
    kernel, bias = (weight.astype(np.float64) for weight in layer.get_weights())
    expected = np.tanh(concatenated(hidden).numpy().astype(np.float64) @ kernel + bias)
    assert expected.shape == (TEXTS, 15, SIZE)
    np.testing.assert_allclose(layer(hidden), expected, rtol=1e-5, atol=1e-6)


def test_gradients_equal_those_of_the_concatenation():
    layer, hidden = trained(), tf.constant(hidden_states())
    upstream = np.random.default_rng(2).normal(size=[TEXTS, 15, SIZE]).astype("float32")
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(hidden)
        ours = tf.reduce_sum(layer(hidden) * upstream)
        kernel, bias = map(tf.convert_to_tensor, layer.weights)
        tape.watch([kernel, bias])
        plain = tf.tanh(tf.tensordot(concatenated(hidden), kernel, 1) + bias)
        plain = tf.reduce_sum(plain * upstream)
    weights = [hidden, *layer.trainable_weights]
    for found, expected in zip(
        tape.gradient(ours, weights), tape.gradient(plain, [hidden, kernel, bias]), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 40, 129, 512, 2048])
def test_pairs_stand_row_by_row(length):
    first, second = triangle_pairs(length)
    rows, columns = np.triu_indices(length)
    np.testing.assert_array_equal(first, rows)
    np.testing.assert_array_equal(second, columns)
    np.testing.assert_array_equal(triangle_place(first, second, length), np.arange(len(rows)))


def test_a_square_holds_each_pair_in_its_cell():
    scores = np.random.default_rng(0).normal(size=[TEXTS, 15])
    square = triangle_to_square(tf.constant(scores), LENGTH).numpy()
    for i, j in itertools.product(range(LENGTH), repeat=2):
        if i > j:
            assert np.isneginf(square[:, i, j]).all()
        else:
            place = int(triangle_place(tf.constant(i), tf.constant(j), LENGTH))
            np.testing.assert_array_equal(square[:, i, j], scores[:, place])


def test_saves_within_a_model(tmp_path):
    inputs = keras.Input([None, SIZE])
    model = keras.Model(inputs, trained()(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(hidden_states()), model(hidden_states()))
    assert HandshakingKernel().compute_output_shape((3, 5, SIZE)) == (3, 15, SIZE)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision(precision):
    with layers_compute_in(precision):
        half = trained()
    result = half(hidden_states())
    assert result.dtype.name in precision
    assert {w.dtype for w in map(tf.convert_to_tensor, half.weights)} == {tf.float32}
    np.testing.assert_allclose(tf.cast(result, tf.float32), trained()(hidden_states()), atol=0.05)


def test_a_mask_ends_here():
    tokens = keras.Input([None], dtype="int32")
    hidden = keras.layers.Embedding(9, SIZE, mask_zero=True)(tokens)
    model = keras.Model(tokens, keras.layers.Dense(2)(trained()(hidden)))
    assert model(np.array([[3, 4, 0]])).shape == (1, 6, 2)
