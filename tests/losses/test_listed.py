"""Losses of listed classes and tags, compared with float64 formulas and the dense forms."""

import numpy as np
import pytest

from gplinker_tf.backend import tf
from gplinker_tf.losses import (
    listed_multilabel_crossentropy,
    listed_softmax_crossentropy,
    multilabel_categorical_crossentropy,
)

TEXTS, PLACES, CLASSES, LABELS = 3, 8, 5, 2
#: Text, position, class; the second text has none.
LISTED = np.array([(0, 1, 2), (0, 4, 1), (2, 0, 4), (2, 6, 3)])
#: Text, position, tag; two positions have several tags, and one has all of them.
TAGGED = np.array([(0, 1, 0), (0, 1, 3), (0, 4, 0), *[(2, 6, tag) for tag in range(CLASSES)]])


def logits_of(scale, seed=0):
    return np.random.default_rng(seed).normal(scale=scale, size=[TEXTS, PLACES, CLASSES])


def padded(rows, padding):
    """Return lists `[B, K, 2]`, padded before, between and after the rows."""
    lists = np.full([TEXTS, 12, 2], [0, padding])
    for number, (text, *pair) in enumerate(rows.tolist()):
        lists[text, number + 2] = pair
    return lists.astype("int32")


def softmax_by_definition(logits):
    """Return the losses for logits `[B, X, C]`, whose axis `X` is positions times labels."""
    classes = np.zeros([TEXTS, PLACES], int)
    classes[LISTED[:, 0], LISTED[:, 1]] = LISTED[:, 2]
    chosen = np.take_along_axis(logits, classes[..., None], axis=-1)[..., 0]
    return np.log(np.exp(logits).sum(-1)) - chosen


def softmax(listed, logits):
    """Return `listed_softmax_crossentropy` of four positions with two labels each."""
    number, class_ = np.moveaxis(listed, -1, 0)
    listed = np.stack([number // LABELS, number % LABELS, class_], axis=-1)
    logits = tf.reshape(logits, [TEXTS, PLACES // LABELS, LABELS, CLASSES])
    losses = listed_softmax_crossentropy(listed, tf.transpose(logits, [0, 1, 3, 2]))
    return tf.reshape(losses, [TEXTS, PLACES])


def targets():
    tagged = np.zeros([TEXTS, PLACES, CLASSES])
    tagged[tuple(TAGGED.T)] = 1
    return tagged


def multilabel_by_definition(logits):
    positive = np.where(targets(), np.exp(-logits), 0).sum(-1)
    return np.log1p(positive) + np.log1p(np.where(targets(), 0, np.exp(logits)).sum(-1))


FORMS = {
    "classes": (softmax, padded(LISTED, 0), softmax_by_definition),
    "tags": (listed_multilabel_crossentropy, padded(TAGGED, -1), multilabel_by_definition),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("scale", [0.1, 3.0, 15.0])
def test_equals_the_formula(form, scale):
    loss, listed, by_definition = FORMS[form]
    logits = logits_of(scale)
    losses = loss(listed, tf.constant(logits, tf.float32))
    assert losses.dtype == tf.float32
    np.testing.assert_allclose(losses, by_definition(logits), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_gradients_equal_finite_differences(form):
    loss, listed, by_definition = FORMS[form]
    logits, weight = logits_of(2.0, seed=1), np.arange(1.0, 1 + TEXTS * PLACES)
    weight = weight.reshape(TEXTS, PLACES)
    with tf.GradientTape() as tape:
        tape.watch(x := tf.constant(logits, tf.float32))
        total = tf.reduce_sum(loss(listed, x) * tf.constant(weight, tf.float32))
    expected = np.zeros_like(logits)
    for cell in np.ndindex(logits.shape):
        for step in (1e-5, -1e-5):
            moved = logits.copy()
            moved[cell] += step
            expected[cell] += (weight * by_definition(moved)).sum() / (2 * step)
    np.testing.assert_allclose(tape.gradient(total, x), expected, rtol=1e-4, atol=1e-5)


def test_tags_are_the_dense_form_wherever_that_stays_exact():
    # A positive far above 0 and negatives far below: both sums are tiny.
    logits = np.where(targets(), 18.0, -18.0) + logits_of(1.0)
    found = listed_multilabel_crossentropy(padded(TAGGED, -1), tf.constant(logits, tf.float32))
    dense = multilabel_categorical_crossentropy(targets(), tf.constant(logits, tf.float32))
    assert np.min(found) > 0 and np.max(found) < 1e-5
    np.testing.assert_allclose(found, dense, rtol=1e-5)
    np.testing.assert_allclose(found, multilabel_by_definition(logits), rtol=1e-5)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [1e4, 1e30])
def test_extremes_are_finite(form, size):
    loss, listed, _ = FORMS[form]
    with tf.GradientTape() as tape:
        tape.watch(x := tf.constant(np.sign(logits_of(1.0)) * size, tf.float32))
        losses = loss(listed, x)
    gradient = tape.gradient(losses, x)
    assert np.isfinite(losses).all() and np.isfinite(gradient).all()
    assert size * 0.99 <= np.max(losses) <= size * 2.01


@pytest.mark.parametrize("form", FORMS)
def test_nothing_listed_and_half_precision(form):
    loss, listed, by_definition = FORMS[form]
    logits = logits_of(1.0)
    half = loss(listed, tf.constant(logits, tf.bfloat16))
    assert half.dtype == tf.float32
    np.testing.assert_allclose(half, by_definition(logits), atol=0.03)
    none = loss(listed[:, :1], tf.constant(logits, tf.float32))
    of_second_text = by_definition(logits)[1]
    np.testing.assert_allclose(none[1], of_second_text, rtol=2e-6)
    assert np.isfinite(none).all() and not np.allclose(none, by_definition(logits))
