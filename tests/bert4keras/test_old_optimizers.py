"""`keras.optimizers` takes `lr` and `decay`, and returns Keras's own optimizers."""

import numpy as np
import pytest

from gplinker_tf.backend import keras as keras_now
from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras
from gplinker_tf.bert4keras.keras.optimizers import OLD


def weights_after(optimizer, steps=3):
    weight = tf.Variable([1.0, -2.0])
    for _ in range(steps):
        optimizer.apply_gradients([(tf.constant([0.5, 3.0]), weight)])
    return weight.numpy()


@pytest.mark.parametrize("name", OLD)
def test_the_old_names_of_arguments(name):
    now = getattr(keras_now.optimizers, name)
    old = getattr(keras.optimizers, name)(lr=0.01)
    assert type(old) is now
    np.testing.assert_array_equal(weights_after(old), weights_after(now(learning_rate=0.01)))


@pytest.mark.parametrize(
    ("rate", "args", "kwargs"), [(0.1, [], {"lr": 0.1}), (0.1, [0.1], {}), (0.01, [], {})]
)
def test_decay_is_that_of_keras_2(rate, args, kwargs):
    optimizer = keras.optimizers.SGD(*args, **kwargs, decay=0.5)
    rates = [rate / (1 + 0.5 * step) for step in range(3)]
    expected = np.array([1.0, -2.0]) - sum(rates) * np.array([0.5, 3.0])
    np.testing.assert_allclose(weights_after(optimizer), expected, rtol=1e-6)


def test_a_class_of_ones_own():
    class Halved(keras.optimizers.Adam):
        def __init__(self, lr):
            super().__init__(lr=lr / 2)

    np.testing.assert_array_equal(
        weights_after(Halved(0.1)), weights_after(keras.optimizers.Adam(0.05))
    )
    assert keras.optimizers.get("adam") is not None


@pytest.mark.parametrize("trusted", [True, False])
def test_a_whole_model_with_a_lambda(trusted, tmp_path):
    inputs = keras.layers.Input([2])
    model = keras.models.Model(inputs, keras.layers.Lambda(lambda x: 2 * x)(inputs))
    model.save(tmp_path / "best.model")
    if not trusted:
        with pytest.raises(ValueError, match="safe_mode=False"):
            keras.models.load_model(tmp_path / "best.model")
        return
    loaded = keras.models.load_model(tmp_path / "best.model", safe_mode=False)
    np.testing.assert_array_equal(loaded.predict(np.ones([1, 2])), [[2, 2]])
