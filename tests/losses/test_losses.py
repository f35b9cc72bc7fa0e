"""The losses, compared with float64 references, with each other and with bert4keras."""

from pathlib import Path

import numpy as np
import pytest
from reference import load_bert4keras, requires_legacy

from gplinker_tf.backend import tf
from gplinker_tf.losses import (
    globalpointer_crossentropy,
    log1p_sum_exp,
    multilabel_categorical_crossentropy,
    sparse_multilabel_categorical_crossentropy,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "losses.npz"
DTYPES = [tf.float16, tf.bfloat16]


def exact(positive, negative):
    """Return log(1 + sum exp(-positive)) + log(1 + sum exp(negative)) and gradients, in float64."""
    total_positive = np.exp(-np.asarray(positive, np.float64)).sum()
    total_negative = np.exp(np.asarray(negative, np.float64)).sum()
    loss = np.log1p(total_positive) + np.log1p(total_negative)
    gradient_positive = -np.exp(-np.asarray(positive, np.float64)) / (1 + total_positive)
    gradient_negative = np.exp(np.asarray(negative, np.float64)) / (1 + total_negative)
    return loss, gradient_positive, gradient_negative


def exact_row(targets, scores, mask_zero):
    """Return the loss and gradient of one row by definition, in float64."""
    scores = np.asarray(scores, np.float64)
    classes = [c for c in range(len(scores)) if scores[c] > -np.inf and not (mask_zero and c == 0)]
    positive = [c for c in classes if c in set(targets)]
    negative = [c for c in classes if c not in set(targets)]
    loss, of_positive, of_negative = exact(scores[positive], scores[negative])
    gradient = np.zeros_like(scores)
    gradient[positive], gradient[negative] = of_positive, of_negative
    return loss, gradient


def loss_and_gradient(function, scores):
    scores = tf.convert_to_tensor(scores)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        loss = function(scores)
        total = tf.reduce_sum(loss)
    return loss.numpy(), tape.gradient(total, scores).numpy()


def assert_exact(loss, gradient, expected_loss, expected_gradient):
    np.testing.assert_array_less(np.abs(loss - expected_loss), 1e-5 * np.abs(expected_loss) + 1e-7)
    largest = np.abs(expected_gradient).max()
    assert np.abs(gradient - expected_gradient).max() <= 1e-5 * largest


def random_rows(seed, rows=6, classes=400, targets=5):
    """Draw positives from 2 to 60, negatives from -30 to 30, padding index 0 and duplicates."""
    rng = np.random.default_rng(seed)
    scores = rng.uniform(-30, 30, [rows, classes]).astype("float32")
    labels = rng.integers(0, classes, [rows, targets])
    labels[:, -1] = labels[:, 0]
    labels[0] = 0
    for row in range(rows):
        scores[row, labels[row]] = rng.uniform(2, 60, targets)
    return labels, scores


@pytest.mark.parametrize("mask_zero", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_sparse_is_exact(seed, mask_zero):
    labels, scores = random_rows(seed)
    loss, gradient = loss_and_gradient(
        lambda s: sparse_multilabel_categorical_crossentropy(labels, s, mask_zero), scores
    )
    for row in range(len(scores)):
        assert_exact(loss[row], gradient[row], *exact_row(labels[row], scores[row], mask_zero))


@pytest.mark.parametrize("negative", [-30.0, -10.0, 0.0, 30.0])
@pytest.mark.parametrize("positive", [2.0, 8.0, 10.0, 14.0, 16.0, 30.0, 60.0])
def test_sparse_is_exact_where_the_published_form_is_not(positive, negative):
    scores = np.full([1, 128 * 128], negative, "float32")
    scores[0, 77] = positive
    loss, gradient = loss_and_gradient(
        lambda s: sparse_multilabel_categorical_crossentropy([[77]], s, mask_zero=True), scores
    )
    expected_loss, expected_gradient = exact_row([77], scores[0], mask_zero=True)
    assert_exact(loss[0], gradient[0], expected_loss, expected_gradient)
    assert gradient[0, 77] == pytest.approx(expected_gradient[77], rel=1e-4, abs=1e-30)


def test_the_papers_numbers():
    # One positive at 16 among 16,383 negatives at -10: 0.5560 in float64, -0.118 as published.
    scores = np.full([1, 16384], -10.0, "float32")
    scores[0, 5] = 16.0
    loss = sparse_multilabel_categorical_crossentropy([[5]], scores)
    assert loss.numpy()[0] == pytest.approx(np.log1p(np.exp(-16)) + np.log1p(16383 * np.exp(-10)))


@pytest.mark.parametrize("seed", range(3))
def test_dense_is_exact(seed):
    labels, scores = random_rows(seed)
    targets = np.zeros_like(scores)
    np.put_along_axis(targets, labels, 1, axis=1)
    loss, gradient = loss_and_gradient(
        lambda s: multilabel_categorical_crossentropy(targets, s), scores
    )
    for row in range(len(scores)):
        assert_exact(loss[row], gradient[row], *exact_row(labels[row], scores[row], False))


def test_sparse_equals_dense_with_class_zero_masked():
    labels, scores = random_rows(seed=7)
    targets = np.zeros_like(scores)
    np.put_along_axis(targets, labels, 1, axis=1)
    masked = scores.copy()
    masked[:, 0] = -np.inf
    np.testing.assert_allclose(
        sparse_multilabel_categorical_crossentropy(labels, scores, mask_zero=True),
        multilabel_categorical_crossentropy(targets, masked),
        rtol=1e-6,
    )


def test_dense_soft_targets():
    scores = np.array([1.5, -0.5, 3.0])
    targets = np.array([0.9, 0.2, 0.0])
    expected = np.log1p((targets * np.exp(-scores)).sum())
    expected += np.log1p(((1 - targets) * np.exp(scores)).sum())
    got = multilabel_categorical_crossentropy(targets, scores.astype("float32"))
    assert float(got) == pytest.approx(expected, rel=1e-6)


def test_repeated_targets_count_once():
    scores = np.random.default_rng(0).normal(size=[1, 50]).astype("float32") * 5
    once, gradient_once = loss_and_gradient(
        lambda s: sparse_multilabel_categorical_crossentropy([[7, 9, 0]], s, True), scores
    )
    twice, gradient_twice = loss_and_gradient(
        lambda s: sparse_multilabel_categorical_crossentropy([[9, 7, 7]], s, True), scores
    )
    np.testing.assert_array_equal(once, twice)
    np.testing.assert_array_equal(gradient_once, gradient_twice)


@pytest.mark.parametrize("dense", [True, False])
def test_a_positive_on_a_masked_cell_is_dropped(dense):
    scores = np.random.default_rng(1).normal(size=[1, 40]).astype("float32")
    scores[0, [3, 8]] = -np.inf
    targets = np.zeros_like(scores)
    targets[0, [3, 5]] = 1
    loss, gradient = loss_and_gradient(
        lambda s: (
            multilabel_categorical_crossentropy(targets, s)
            if dense
            else sparse_multilabel_categorical_crossentropy([[3, 5]], s)
        ),
        scores,
    )
    assert_exact(loss[0], gradient[0], *exact_row([3, 5], scores[0], mask_zero=False))
    assert (gradient[0, [3, 8]] == 0).all()


def test_everything_masked():
    scores = np.full([2, 9], -np.inf, "float32")
    loss, gradient = loss_and_gradient(
        lambda s: sparse_multilabel_categorical_crossentropy([[0], [4]], s, True), scores
    )
    np.testing.assert_array_equal(loss, [0, 0])
    np.testing.assert_array_equal(gradient, np.zeros_like(scores))


@pytest.mark.parametrize("dtype", DTYPES)
def test_half_precision_is_the_float32_result_rounded(dtype):
    labels, scores = random_rows(seed=3)
    rounded = tf.cast(scores, dtype)
    targets = np.zeros_like(scores)
    np.put_along_axis(targets, labels, 1, axis=1)
    pairs = [
        (lambda s: sparse_multilabel_categorical_crossentropy(labels, s, True)),
        (lambda s: multilabel_categorical_crossentropy(targets, s)),
        (lambda s: globalpointer_crossentropy(*as_pairs(labels, s))),
    ]
    for function in pairs:
        loss, gradient = loss_and_gradient(function, rounded)
        expected_loss, expected_gradient = loss_and_gradient(function, tf.cast(rounded, tf.float32))
        np.testing.assert_array_equal(loss, tf.cast(expected_loss, dtype))
        np.testing.assert_array_equal(gradient, tf.cast(expected_gradient, dtype))


def as_pairs(labels, scores, length=20):
    """Return rows of `length`^2 classes as pairs and logits of one label of a pointer layer."""
    pairs = np.stack([labels // length, labels % length], axis=-1)[:, None]
    return pairs, tf.reshape(scores, [len(labels), 1, length, length])


def test_globalpointer_sums_labels_and_keeps_samples():
    rng = np.random.default_rng(4)
    scores = rng.normal(size=[3, 4, 6, 6]).astype("float32") * 4
    pairs = rng.integers(0, 6, [3, 4, 2, 2])
    expected = [
        sum(
            exact_row(pairs[b, h] @ [6, 1], scores[b, h].reshape(-1), mask_zero=True)[0]
            for h in range(4)
        )
        for b in range(3)
    ]
    np.testing.assert_allclose(globalpointer_crossentropy(pairs, scores), expected, rtol=1e-5)


def test_globalpointer_takes_labels_of_any_dtype_order_and_padding():
    rng = np.random.default_rng(5)
    scores = rng.normal(size=[1, 1, 300, 300]).astype("float32")
    pairs = np.array([[[[255, 299], [1, 2]]]])
    padded = np.array([[[[0, 0], [1, 2], [255, 299], [0, 0]]]])
    expected = globalpointer_crossentropy(pairs, scores)
    for dtype in ("int64", "float32"):
        np.testing.assert_allclose(
            globalpointer_crossentropy(padded.astype(dtype), scores), expected
        )


def test_gradients_against_finite_differences():
    scores = tf.constant(np.random.default_rng(6).normal(size=[2, 12]))
    labels = np.array([[3, 4, 0], [1, 0, 0]])
    step = 1e-3
    _, gradient = loss_and_gradient(
        lambda s: sparse_multilabel_categorical_crossentropy(labels, s, True), scores
    )
    for row, column in np.ndindex(2, 12):
        shift = np.zeros([2, 12])
        shift[row, column] = step
        up, down = (
            exact_row(labels[row], (scores + sign * shift)[row], True)[0] for sign in (1, -1)
        )
        assert gradient[row, column] == pytest.approx((up - down) / (2 * step), abs=1e-5)


def test_log1p_sum_exp_is_accurate_when_tiny():
    value = log1p_sum_exp(tf.constant([[-40.0, -41.0]])).numpy()[0]
    assert value == pytest.approx(np.exp(-40.0) + np.exp(-41.0), rel=1e-5)


def test_in_a_graph_with_unknown_shapes():
    labels, scores = random_rows(seed=8)
    function = tf.function(
        lambda y, s: sparse_multilabel_categorical_crossentropy(y, s, True),
        input_signature=[
            tf.TensorSpec([None, None], tf.int64),
            tf.TensorSpec([None, None], tf.float32),
        ],
    )
    np.testing.assert_allclose(
        function(labels, scores), sparse_multilabel_categorical_crossentropy(labels, scores, True)
    )


def mild_rows():
    """Draw positives below 3, for which the published sparse form is still accurate."""
    rng = np.random.default_rng(11)
    scores = rng.uniform(-8, 3, [8, 256]).astype("float32")
    labels = np.stack([rng.choice(np.arange(1, 256), 4, replace=False) for _ in range(8)])
    return labels, scores


@requires_legacy
def test_matches_bert4keras_live():
    backend = load_bert4keras().backend
    labels, scores = mild_rows()
    targets = np.zeros_like(scores)
    np.put_along_axis(targets, labels, 1, axis=1)
    for mask_zero in (True, False):
        np.testing.assert_allclose(
            sparse_multilabel_categorical_crossentropy(labels, scores, mask_zero),
            backend.sparse_multilabel_categorical_crossentropy(
                tf.constant(labels), tf.constant(scores), mask_zero
            ),
            atol=1e-4,
        )
    np.testing.assert_allclose(
        multilabel_categorical_crossentropy(targets, scores),
        backend.multilabel_categorical_crossentropy(tf.constant(targets), tf.constant(scores)),
        atol=1e-4,
    )


def test_matches_bert4keras_golden():
    golden = np.load(GOLDEN)
    labels, scores = golden["labels"], golden["scores"]
    targets = np.zeros_like(scores)
    np.put_along_axis(targets, labels, 1, axis=1)
    for name, loss in [
        ("sparse", sparse_multilabel_categorical_crossentropy(labels, scores)),
        ("sparse_mask_zero", sparse_multilabel_categorical_crossentropy(labels, scores, True)),
        ("dense", multilabel_categorical_crossentropy(targets, scores)),
    ]:
        np.testing.assert_allclose(loss, golden[name], atol=1e-4, err_msg=name)
