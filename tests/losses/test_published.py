"""The published form: equal to ours where it is exact, and wrong where it is known to be."""

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.losses import globalpointer_crossentropy, published_globalpointer_crossentropy


def scores(positive, length=128):
    """Return one label with one positive pair, all others at -10, and a masked end."""
    logits = np.full([1, 1, length, length], -10.0, "float32")
    logits[..., -2:, :] = logits[..., -2:] = -np.inf
    logits[0, 0, 3, 5] = positive
    return tf.constant(logits), tf.constant([[[[3, 5], [0, 0]]]])


def losses_and_gradients(loss, positive):
    logits, pairs = scores(positive)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(pairs, logits)
    return float(value[0]), tape.gradient(value, logits).numpy()[0, 0]


def test_it_is_the_exact_loss_while_nothing_is_sure():
    for positive in (-3.0, 0.0, 3.0):
        exact, exact_gradient = losses_and_gradients(globalpointer_crossentropy, positive)
        value, gradient = losses_and_gradients(published_globalpointer_crossentropy, positive)
        np.testing.assert_allclose(value, exact, rtol=1e-3)
        np.testing.assert_allclose(gradient, exact_gradient, rtol=0.05, atol=1e-3)


def test_it_pushes_sure_positives_down():
    exact, exact_gradient = losses_and_gradients(globalpointer_crossentropy, 16.0)
    value, gradient = losses_and_gradients(published_globalpointer_crossentropy, 16.0)
    assert exact > 0 > value
    assert abs(exact_gradient[3, 5]) < 1e-4 < 0.9 < gradient[3, 5]
