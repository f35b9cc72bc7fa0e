"""The functions of `gplinker_tf.bert4keras.backend`, compared with bert4keras 0.11.5."""

from pathlib import Path

import numpy as np
import pytest
from face_function_cases import backend_cases

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import backend, keras
from gplinker_tf.bert4keras.backend import recomputing

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face_functions.npz")


def test_functions_of_the_backend():
    found = backend_cases(backend, tf)
    for name, arrays in found.items():
        for number, array in enumerate(arrays):
            want = GOLDEN[f"backend/{name}/{number}"]
            np.testing.assert_allclose(array, want, rtol=1e-5, atol=1e-6, err_msg=name)
    assert len(found) == len({key.split("/")[1] for key in GOLDEN if key.startswith("backend/")})


@pytest.mark.parametrize("method", ["softmax", "squared_relu", "softmax_plus"])
def test_attention_to_nothing_is_finite(method):
    nothing = tf.zeros([1, 4], tf.bool)
    scores = tf.constant([[[1.0, 2.0, 3.0, 4.0]]], tf.float16)
    weights = backend.attention_normalize(scores, nothing, method=method)
    assert weights.dtype == tf.float16
    expected = 0.0 if method == "squared_relu" else 0.25
    np.testing.assert_array_equal(weights, np.full([1, 1, 4], expected))


def test_arguments_that_do_not_fit():
    with pytest.raises(ValueError, match=r"an index for each of 2 axes.*axes=\[0, -1\], ndim=None"):
        backend.align(tf.zeros([2, 3]), [0, -1])
    with pytest.raises(ValueError, match=r"even size\. Received: dim=3"):
        backend.sinusoidal_embeddings(tf.zeros([2]), 3)
    with pytest.raises(ValueError, match=r"tensors of the same shape\. Received: "):
        backend.apply_rotary_position_embeddings(tf.zeros([1, 2, 4]), tf.zeros([4]), tf.zeros([2]))


def test_a_recomputed_layer_has_the_same_gradients(monkeypatch):
    monkeypatch.setattr(recomputing, "do_recompute", True)
    calls = []

    class Scaled(keras.layers.Layer):
        def build(self, input_shape):
            self.kernel = self.add_weight(name="kernel", shape=[2, 2], initializer="ones")

        def call(self, inputs, mask=None):
            calls.append(True)
            return tf.tanh(tf.matmul(inputs[0], self.kernel)) * inputs[1]

    class Recomputed(Scaled):
        call = backend.recompute_grad(Scaled.call)

    a, b = tf.constant([[1.0, 2.0]]), tf.constant([[3.0]])

    def gradients(kind):
        layer = kind()
        layer([a, b])
        calls.clear()
        with tf.GradientTape() as tape:
            tape.watch([a, b])
            outputs = layer([a, b])
        return tape.gradient(outputs, [a, b, layer.trainable_variables[0]]), len(calls)

    (plain, once), (recomputed, twice) = gradients(Scaled), gradients(Recomputed)
    assert (once, twice) == (1, 2)
    for got, want in zip(recomputed, plain, strict=True):
        np.testing.assert_allclose(got, want)


def test_a_gradient_of_ones_own():
    def double(x):
        return x * 2, lambda upstream: upstream * 5

    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = backend.graph_mode_decorator(double, x)
    assert (float(y), float(tape.gradient(y, x))) == (6.0, 5.0)


def test_names_that_keras_knows():
    dense = keras.layers.Dense(2, activation="leaky_relu")
    assert float(dense.activation(tf.constant(-1.0))) == pytest.approx(-0.2)
    assert keras.initializers.get("Sinusoidal")([1, 2]).shape == (1, 2)
    assert backend.dtype(np.zeros(1, "int8")) == "int8" and backend.dtype([1]) is None
    assert backend.get_available_gpus() == []
