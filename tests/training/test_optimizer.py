"""AveragingAdam, compared with its formula in NumPy and with bert4keras's optimizer."""

import numpy as np
import pytest
from reference import load_bert4keras, requires_legacy
from tiny import as_dataset, tiny_casrel, tiny_casrel_batch

from gplinker_tf.backend import keras, tf
from gplinker_tf.training import AveragingAdam

STEPS, RATE, MOMENTUM = 7, 0.05, 0.9


def gradients():
    rng = np.random.default_rng(0)
    # Include small ones: if the root of v is close to epsilon, it matters where epsilon is added.
    scales = np.array([1.0, 1e-3, 1e-6, 0.0])
    return rng.normal(size=[STEPS, 4]) * scales


def by_formula():
    """Return the weights and their average after the steps, in float64."""
    weight = np.array([1.0, -2.0, 0.5, 3.0])
    m = v = average = np.zeros(4)
    for step, gradient in enumerate(gradients(), start=1):
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        change = m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-6)
        weight = weight - RATE * change
        average = MOMENTUM * average + (1 - MOMENTUM) * weight
    return weight, average / (1 - MOMENTUM**STEPS)


def growing_average(weights, momentum):
    """Return the average of the weights after each step, by formula."""
    average = np.zeros(4)
    for step, weight in enumerate(weights, start=1):
        new = max(1 - momentum, 10 / (step + 9))
        average = (1 - new) * average + new * weight
    return average


def trained(optimizer):
    weight = tf.Variable([1.0, -2.0, 0.5, 3.0])
    for gradient in gradients():
        optimizer.apply_gradients([(tf.constant(gradient, tf.float32), weight)])
    return weight


def test_weights_and_average_follow_the_formula():
    optimizer = AveragingAdam(RATE, averaging=MOMENTUM)
    weight = trained(optimizer)
    expected, average = by_formula()
    np.testing.assert_allclose(weight.numpy(), expected, rtol=2e-5)
    with optimizer.averaged_weights():
        np.testing.assert_allclose(weight.numpy(), average, rtol=2e-5)
    np.testing.assert_allclose(weight.numpy(), expected, rtol=2e-5)


@pytest.mark.parametrize("momentum", [0.999, 0.2])
def test_a_growing_average_follows_the_formula(momentum):
    optimizer = AveragingAdam(RATE, averaging=momentum, growing=True)
    weight, after = tf.Variable([1.0, -2.0, 0.5, 3.0]), []
    for gradient in gradients():
        optimizer.apply_gradients([(tf.constant(gradient, tf.float32), weight)])
        after.append(weight.numpy())
        with optimizer.averaged_weights():
            np.testing.assert_allclose(weight.numpy(), growing_average(after, momentum), rtol=2e-5)


def test_a_growing_average_lags_a_tenth_of_the_way_behind():
    """If the weight moves steadily: with a constant momentum, the average first lags by half."""
    for steps in (20, 300):
        lags = []
        for growing in (True, False):
            optimizer = AveragingAdam(1.0, averaging=0.999, growing=growing)
            weight = tf.Variable([0.0])
            for _ in range(steps):
                optimizer.apply_gradients([(tf.constant([-1.0]), weight)])
            trained_to = weight.numpy()[0]
            with optimizer.averaged_weights():
                lags.append((trained_to - weight.numpy()[0]) / steps)
        assert lags[0] < 0.1 and lags[1] > 0.4


@requires_legacy
def test_weights_and_average_match_bert4keras():
    optimizers = load_bert4keras().optimizers
    adam_ema = optimizers.extend_with_exponential_moving_average(optimizers.Adam, name="AdamEMA")
    reference = adam_ema(learning_rate=RATE, ema_momentum=MOMENTUM)
    layer = keras.layers.Dense(2, use_bias=False)
    model = keras.Sequential([keras.Input([3]), layer])
    start = np.random.default_rng(1).normal(size=[3, 2]).astype("float32")
    x = np.random.default_rng(2).normal(size=[STEPS, 4, 3]).astype("float32")

    def run(optimizer):
        layer.set_weights([start])
        model.compile(optimizer, "mse")
        for batch in x:
            model.train_on_batch(batch, np.ones([4, 2]))
        return layer.get_weights()[0]

    expected = run(reference)
    reference.apply_ema_weights()
    expected_average = layer.get_weights()[0]
    ours = AveragingAdam(RATE, averaging=MOMENTUM)
    np.testing.assert_allclose(run(ours), expected, rtol=1e-4, atol=1e-6)
    with ours.averaged_weights():
        np.testing.assert_allclose(layer.get_weights()[0], expected_average, rtol=1e-4, atol=1e-6)


def test_after_one_step_the_average_is_the_weight():
    optimizer = AveragingAdam(0.1, averaging=0.999)
    weight = tf.Variable([1.0])
    optimizer.apply_gradients([(tf.constant([2.0]), weight)])
    with optimizer.averaged_weights():
        assert weight.numpy()[0] == pytest.approx(0.9, rel=1e-4)


def test_weights_come_back_after_an_error():
    optimizer = AveragingAdam(RATE, averaging=MOMENTUM)
    weight = trained(optimizer)
    before = weight.numpy()
    with pytest.raises(KeyboardInterrupt), optimizer.averaged_weights():
        assert not np.allclose(weight.numpy(), before)
        raise KeyboardInterrupt
    np.testing.assert_array_equal(weight.numpy(), before)


def test_weights_come_back_when_the_averages_are_only_half_there():
    optimizer = AveragingAdam(RATE, averaging=MOMENTUM)
    weight = trained(optimizer)
    before = weight.numpy()

    def averages():
        yield optimizer_averages[0]
        raise KeyboardInterrupt

    optimizer_averages, optimizer._averages = optimizer._averages, averages()
    with pytest.raises(KeyboardInterrupt), optimizer.averaged_weights():
        pass
    np.testing.assert_array_equal(weight.numpy(), before)


@pytest.mark.parametrize("steps", [0, 3])
def test_without_averaging_nothing_is_swapped(steps):
    optimizer = AveragingAdam(RATE, averaging=None)
    weight = tf.Variable([1.0])
    for _ in range(steps):
        optimizer.apply_gradients([(tf.constant([2.0]), weight)])
    before = weight.numpy()
    with optimizer.averaged_weights():
        np.testing.assert_array_equal(weight.numpy(), before)


@pytest.mark.slow
def test_in_fit_the_average_counts_every_step():
    model = tiny_casrel()
    optimizer = AveragingAdam(0.01, averaging=0.5)
    model.compile(optimizer)
    seen = []
    record = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(model.subject.kernel.numpy())
    )
    model.fit(as_dataset(*tiny_casrel_batch()), steps_per_epoch=3, verbose=0, callbacks=[record])
    with optimizer.averaged_weights():
        average = model.subject.kernel.numpy()
    expected = (0.125 * seen[0] + 0.25 * seen[1] + 0.5 * seen[2]) / 0.875
    np.testing.assert_allclose(average, expected, rtol=1e-5, atol=1e-7)


def test_config_round_trip():
    optimizer = AveragingAdam(0.02, averaging=0.9)
    twin = AveragingAdam.from_config(optimizer.get_config())
    assert twin.averaging == 0.9
    assert twin.get_config()["learning_rate"] == pytest.approx(0.02)


def test_a_momentum_out_of_range():
    with pytest.raises(ValueError, match=r"averaging=1\.5"):
        AveragingAdam(averaging=1.5)
