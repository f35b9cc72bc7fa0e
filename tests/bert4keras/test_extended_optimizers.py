"""Adam, Lion and AdaFactor with extensions, compared with bert4keras."""

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from face_function_cases import EXTENSIONS, extended_optimizers, run_extended_optimizer

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras, optimizers

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face_functions.npz")


@pytest.mark.slow
def test_steps_of_extended_optimizers():
    for name, (optimizer, steps) in extended_optimizers(optimizers).items():
        got = run_extended_optimizer(optimizer, steps, tf)
        want = GOLDEN[f"optimizer/{name}"]
        np.testing.assert_allclose(got, want, rtol=2e-4, atol=2e-5, err_msg=name)


@pytest.mark.slow
def test_an_optimizer_comes_back_from_its_configuration():
    for name, (optimizer, _) in extended_optimizers(optimizers).items():
        if " of " in name:
            continue
        again = type(optimizer).from_config(optimizer.get_config())
        assert again.get_config() == optimizer.get_config(), name
        got, want = (run_extended_optimizer(one, 3, tf) for one in (again, optimizer))
        np.testing.assert_array_equal(got, want)


def test_slow_weights_start_where_the_weights_are():
    weight = tf.Variable([2.0])
    optimizer = optimizers.extend_with_lookahead(optimizers.Adam)(learning_rate=0.1)
    optimizer.apply_gradients([(tf.constant([1.0]), weight)])
    np.testing.assert_allclose(weight, [1.95])


def test_a_model_trains_with_all_of_them_and_changes_its_rate():
    AllOfThem = optimizers.Adam
    for name in EXTENSIONS:
        AllOfThem = getattr(optimizers, f"extend_with_{name}")(AllOfThem, name=f"All{name}")
    assert keras.utils.get_custom_objects()[AllOfThem.__name__] is AllOfThem
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(AllOfThem(lr=0.01, clipnorm=1.0), "mse")
    x, y = np.ones([8, 2]), np.zeros([8, 1])
    model.fit(x, y, batch_size=4, epochs=2, verbose=0)
    keras.backend.set_value(model.optimizer.lr, 0.5)
    assert float(model.optimizer.lr) == 0.5
    before = model.get_weights()
    model.optimizer.apply_ema_weights()
    assert not np.allclose(model.get_weights()[0], before[0])
    model.optimizer.reset_old_weights()
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_an_extension_of_ones_own():
    @optimizers.export_to_custom_objects
    def extend_with_sign_steps(BaseOptimizer):
        class SignSteps(BaseOptimizer):
            arguments: ClassVar = {"size": 0.5}

            def take(self, step):
                super().take(
                    step.changing_weight(lambda w, value: w + self.size * tf.sign(value - w))
                )

        return SignSteps

    weight = tf.Variable([2.0, 2.0])
    optimizer = extend_with_sign_steps(optimizers.Lion, name="Signs")(size=0.25)
    optimizer.apply_gradients([(tf.constant([1.0, -3.0]), weight)])
    np.testing.assert_array_equal(weight, [1.75, 2.25])
    with pytest.raises(TypeError, match="Expected Adam, Lion or AdaFactor of gplinker_tf"):
        optimizers.extend_with_lookahead(keras.optimizers.SGD)
