"""Every loss refuses labels for another loss and invalid positions, and says what is expected."""

import numpy as np
import pytest

from gplinker_tf import losses
from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras import backend as face
from gplinker_tf.layers import GlobalPointer, PointerFactors
from gplinker_tf.losses.arguments import inside, pairs_inside

TEXTS, LABELS, LENGTH, SIZE = 2, 3, 6, 4


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def factorized(labels, factors):
    mask = tf.ones([TEXTS, LENGTH], tf.bool)
    return losses.factorized_globalpointer_crossentropy(labels, factors, mask)


def dropped_zero(targets, scores):
    return losses.sparse_multilabel_categorical_crossentropy(targets, scores, mask_zero=True)


SHARED = PointerFactors(
    *(normal(TEXTS, LENGTH, SIZE) for _ in range(2)), *(normal(TEXTS, LABELS, LENGTH),) * 2
)
OWN = PointerFactors(*(normal(TEXTS, LENGTH, LABELS, SIZE) for _ in range(2)), None, None)
LOGITS, CLASSES = normal(TEXTS, LABELS, LENGTH, LENGTH), normal(TEXTS, 9)
EVERY_PAIR = np.zeros([TEXTS, LABELS, LENGTH, LENGTH], "float32")
PAIRS = np.zeros([TEXTS, LABELS, 2, 2], "int32")
PAIRS[:, :, 0] = [1, 2]

#: The loss, scores, labels, and padding value of each form, by name.
FORMS = {
    "globalpointer": (losses.globalpointer_crossentropy, LOGITS, PAIRS, 0),
    "multihot": (losses.multihot_globalpointer_crossentropy, LOGITS, PAIRS, 0),
    "published": (losses.published_globalpointer_crossentropy, LOGITS, PAIRS, 0),
    "factorized, one product": (factorized, SHARED, PAIRS, 0),
    "factorized, a product a label": (factorized, OWN, PAIRS, 0),
    "sparse": (
        losses.sparse_multilabel_categorical_crossentropy,
        CLASSES,
        np.array([[3, 3], [1, 2]]),
        2,
    ),
    "sparse, 0 pads": (dropped_zero, CLASSES, np.array([[3, 0], [1, 2]]), 0),
    "listed tags": (
        losses.listed_multilabel_crossentropy,
        normal(TEXTS, 5, 4),
        np.array([[[1, 0], [0, -1]], [[0, 2], [4, 3]]]),
        [0, -1],
    ),
    "listed classes": (
        losses.listed_softmax_crossentropy,
        normal(TEXTS, 5, 3, LABELS),
        np.array([[[1, 2, 1], [0, 0, 0]], [[0, 1, 2], [4, 0, 1]]]),
        0,
    ),
}
PAIRS_OUTSIDE = [(1, -1), (1, 99), (-1, 3), (LENGTH, 2), (2, LENGTH)]
OUTSIDE = dict.fromkeys(list(FORMS)[:5], PAIRS_OUTSIDE) | {
    "sparse": [-1, 9, 99],
    "sparse, 0 pads": [-1, 9, 99],
    "listed tags": [(5, 1), (-1, 1), (1, 4), (1, -2)],
    "listed classes": [(5, 0, 1), (-1, 0, 1), (1, LABELS, 1), (1, -1, 1), (1, 1, 3), (1, 1, -1)],
}


def with_one(form, position):
    """Return labels of a form with `position` in the second text, and with padding instead."""
    loss, scores, labels, padding = FORMS[form]
    outside, padded = labels.copy(), labels.copy()
    place = (1, 0, 1) if labels.ndim == 4 else (1, 0)
    outside[place], padded[place] = position, padding
    return loss, scores, outside, padded


@pytest.mark.parametrize("form", FORMS)
def test_a_position_outside_is_an_error_that_names_it(form):
    for position in OUTSIDE[form]:
        loss, scores, outside, padded = with_one(form, position)
        named = rf"Received: \[{', '.join(map(str, np.atleast_1d(position)))}\] in text 1"
        with pytest.raises(ValueError, match=named):
            loss(outside, scores)
        assert np.isfinite(loss(padded, scores)).all()


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_so_it_is_in_a_graph(form):
    position = OUTSIDE[form][-1]
    loss, scores, outside, padded = with_one(form, position)
    in_graph = tf.function(loss)
    np.testing.assert_allclose(in_graph(padded, scores), loss(padded, scores), rtol=1e-5)
    named = rf"\[\[{' '.join(map(str, np.atleast_1d(position)))}\]\] \[in text\] \[1\]"
    with pytest.raises(tf.errors.InvalidArgumentError, match=named):
        in_graph(outside, scores)


# All losses of pairs drop positions in the same way.
@pytest.mark.slow
@pytest.mark.parametrize(
    "form", ["globalpointer", "sparse, 0 pads", "listed tags", "listed classes"]
)
def test_xla_drops_it_alike(form):
    @tf.function(jit_compile=True)
    def run(labels, scores):
        with tf.GradientTape() as tape:
            tape.watch(scores)
            value = FORMS[form][0](labels, scores)
        return value, tape.gradient(value, scores)

    for position in OUTSIDE[form]:
        _, scores, outside, padded = with_one(form, position)
        for got, want in zip(run(outside, scores), run(padded, scores), strict=True):
            np.testing.assert_allclose(got, want, rtol=1e-6)


def test_the_factorized_form_which_xla_cannot_compile_is_given_no_pair_outside():
    compiled = tf.function(lambda pairs: pairs_inside("loss", pairs, LENGTH), jit_compile=True)
    for pair in PAIRS_OUTSIDE:
        np.testing.assert_array_equal(
            compiled(tf.constant([[[pair, (1, 2)]]])), [[[(0, 0), (1, 2)]]]
        )


def test_nothing_is_inside_of_nothing():
    for shape in ([0, 3, 2], [3, 0, 2]):
        run = tf.function(lambda pairs: inside("loss", "pair", pairs, [4, 4]))
        assert run(tf.zeros(shape, tf.int32)).shape == shape[:2]


TAGS = np.zeros([TEXTS, 5, 4])
WRONG = {
    "multi-hot to globalpointer": (
        losses.globalpointer_crossentropy,
        (EVERY_PAIR, LOGITS),
        r"multilabel_categorical_crossentropy: reshape",
    ),
    "bool to globalpointer": (
        losses.globalpointer_crossentropy,
        (np.zeros([1, 2, 2, 2], bool), normal(1, 2, 2, 2)),
        r"of dtype bool. .*multilabel_categorical_crossentropy",
    ),
    "no label axis to globalpointer": (
        losses.globalpointer_crossentropy,
        (PAIRS[:, 0], LOGITS),
        r"Received: y_true \[2, 2, 2\]",
    ),
    "other labels to globalpointer": (
        losses.globalpointer_crossentropy,
        (PAIRS[:, :2], LOGITS),
        r"Received: y_true \[2, 2, 2, 2\], y_pred \[2, 3, 6, 6\]",
    ),
    "multi-hot to multihot": (
        losses.multihot_globalpointer_crossentropy,
        (EVERY_PAIR, LOGITS),
        r"multilabel_categorical_crossentropy: reshape",
    ),
    "multi-hot to published": (
        losses.published_globalpointer_crossentropy,
        (EVERY_PAIR, LOGITS),
        r"multilabel_categorical_crossentropy: reshape",
    ),
    "multi-hot to factorized": (
        factorized,
        (EVERY_PAIR, SHARED),
        r"multilabel_categorical_crossentropy: reshape",
    ),
    "logits to factorized": (factorized, (PAIRS, LOGITS), r"use globalpointer_crossentropy"),
    "other labels to factorized": (factorized, (PAIRS[:, :2], OWN), r"labels \[2, 2, 2, 2\]"),
    "classes to dense": (
        losses.multilabel_categorical_crossentropy,
        (np.array([[1, 2], [3, 0]]), CLASSES),
        r"use sparse_multilabel_categorical_crossentropy",
    ),
    "pairs to dense": (
        losses.multilabel_categorical_crossentropy,
        (PAIRS, LOGITS),
        r"pairs, .* globalpointer_crossentropy",
    ),
    "multi-hot to sparse": (
        losses.sparse_multilabel_categorical_crossentropy,
        (np.zeros([TEXTS, 9]), CLASSES),
        r"looks multi-hot. .* use multilabel_categorical_crossentropy",
    ),
    "pairs to sparse": (
        losses.sparse_multilabel_categorical_crossentropy,
        (PAIRS, LOGITS),
        r"pairs, .* globalpointer_crossentropy",
    ),
    "multi-hot to listed tags": (
        losses.listed_multilabel_crossentropy,
        (TAGS, TAGS),
        r"use multilabel_categorical_crossentropy",
    ),
    "classes to listed classes": (
        losses.listed_softmax_crossentropy,
        (np.zeros([TEXTS, 5, LABELS, 1]), normal(TEXTS, 5, 3, LABELS)),
        r"sparse_categorical_crossentropy",
    ),
    "spans to taggings": (
        losses.tagging_crossentropy,
        (np.zeros([TEXTS, 4, 2]), normal(TEXTS, LENGTH, 2)),
        r"y_true \[2, 4, 2\], log_odds \[2, 6, 2\]",
    ),
    "scores of a teacher that reads other tokens": (
        losses.distillation_crossentropy,
        (normal(TEXTS, LABELS, LENGTH, LENGTH + 1), (), np.ones([TEXTS, LENGTH])),
        r"targets \[2, 3, 6, 7\], mask \[2, 6\]",
    ),
    "one end to taggings": (
        losses.tagging_crossentropy,
        (np.zeros([TEXTS, LENGTH, 1]), normal(TEXTS, LENGTH, 1)),
        r"Expected y_true \[..., 2\]",
    ),
    "classes to the face's dense": (
        face.multilabel_categorical_crossentropy,
        (np.array([[1.0, 2], [3, 0]], "float32"), CLASSES),
        r"use sparse_multilabel_categorical_crossentropy",
    ),
    "multi-hot to the face's sparse": (
        face.sparse_multilabel_categorical_crossentropy,
        (np.zeros([TEXTS, 9], "float32"), CLASSES),
        r"use multilabel_categorical_crossentropy",
    ),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("traced", [False, True])
def test_labels_of_another_loss_are_refused_before_anything_runs(case, traced):
    loss, arguments, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        tf.function(loss).get_concrete_function(*arguments) if traced else loss(*arguments)


def test_each_public_loss_is_looked_at():
    tested = {loss.__name__ for loss, *_ in WRONG.values()} | {
        "factorized_globalpointer_crossentropy"
    }
    assert {name for name in losses.__all__ if "crossentropy" in name} <= tested


@pytest.mark.parametrize("form", FORMS)
def test_unknown_sizes_pass(form):
    loss, scores, labels, _ = FORMS[form]
    last = [] if "sparse" in form else [labels.shape[-1]]
    shape = [None] * (labels.ndim - len(last)) + last
    run = tf.function(
        lambda labels: loss(labels, scores), input_signature=[tf.TensorSpec(shape, labels.dtype)]
    )
    np.testing.assert_allclose(run(labels), loss(labels, scores), rtol=1e-5)


def test_fit_refuses_targets_at_every_pair_and_takes_float_positions():
    inputs = keras.Input([LENGTH, 8])
    model = keras.Model(inputs, GlobalPointer(LABELS, SIZE)(inputs))
    model.compile("sgd", losses.globalpointer_crossentropy)
    x = normal(TEXTS, LENGTH, 8)
    history = model.fit(x, PAIRS.astype("float32"), verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    model.compile("sgd", losses.globalpointer_crossentropy)
    with pytest.raises(ValueError, match="multilabel_categorical_crossentropy: reshape"):
        model.fit(x, EVERY_PAIR, verbose=0)
