"""Tagging with a power of a sigmoid: compared with the formula in float64, and extremes."""

import numpy as np
import pytest

from gplinker_tf.backend import tf
from gplinker_tf.losses import powered_log_odds, tagging_crossentropy


def by_definition(targets, logits, power):
    """Return the mean binary cross-entropy of sigmoid^power over the last axis, in float64."""
    probability = 1 / (1 + np.exp(-logits.astype(np.float64))) ** power
    losses = -np.where(targets, np.log(probability), np.log1p(-probability))
    return losses.mean(axis=-1)


def batch(scale, seed=0):
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=scale, size=[3, 7, 5, 2]).astype("float32")
    return rng.random(logits.shape) < 0.3, logits


@pytest.mark.parametrize("power", [1, 2, 4])
@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_equals_the_formula(power, scale):
    targets, logits = batch(scale)
    losses = tagging_crossentropy(targets, powered_log_odds(logits, power))
    assert losses.dtype == tf.float32 and losses.shape == (3, 7, 5)
    np.testing.assert_allclose(losses, by_definition(targets, logits, power), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("power", [2, 4])
def test_gradients_equal_finite_differences(power):
    targets, logits = batch(2.0, seed=1)
    with tf.GradientTape() as tape:
        tape.watch(x := tf.constant(logits))
        loss = tf.reduce_sum(tagging_crossentropy(targets, powered_log_odds(x, power)))
    step = 1e-4
    losses = [
        by_definition(targets[..., None], (logits + np.float64(s))[..., None], power)
        for s in (step, -step)
    ]
    np.testing.assert_allclose(
        tape.gradient(loss, x), (losses[0] - losses[1]) / (2 * step) / 2, atol=1e-4
    )


@pytest.mark.parametrize("power", [2, 4])
def test_extremes_are_finite_and_right(power):
    x = tf.constant([-1e30, -1e4, -90.0, -20.0, 0.0, 20.0, 90.0, 1e4, 1e30])
    for target in (0.0, 1.0):
        with tf.GradientTape() as tape:
            tape.watch(x)
            odds = powered_log_odds(x, power)
            loss = tagging_crossentropy(tf.fill([9, 2], target), tf.stack([odds, odds], axis=1))
        assert np.isfinite(loss).all() and np.isfinite(tape.gradient(loss, x)).all()
        # log(1 - s^n) is log(n) - x for large x, log s^n is n x for small.
        far = power * 1e4 if target else 1e4 - np.log(power)
        assert loss.numpy()[1 if target else 7] == pytest.approx(far)
        assert loss.numpy()[7 if target else 1] == 0


def test_log_odds_never_fall():
    odds = powered_log_odds(tf.linspace(-30.0, 30.0, 4001), 4).numpy()
    assert (np.diff(odds) > 0).all()


def test_half_precision_is_computed_in_float32():
    targets, logits = batch(3.0)
    half = tf.cast(logits, tf.bfloat16)
    losses = tagging_crossentropy(targets, powered_log_odds(half, 4))
    expected = tagging_crossentropy(targets, powered_log_odds(tf.cast(half, tf.float32), 4))
    assert losses.dtype == tf.float32
    np.testing.assert_array_equal(losses, expected)
