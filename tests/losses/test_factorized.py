"""The factorized loss, compared with its definition in float64 and the dense form in float32."""

import functools

import numpy as np
import pytest

from gplinker_tf.backend import tf
from gplinker_tf.layers import PointerFactors, pointer_logits
from gplinker_tf.losses import _chunked_losses as chunked_losses
from gplinker_tf.losses import _split_losses as split_losses
from gplinker_tf.losses import (
    factorized,
    factorized_globalpointer_crossentropy,
    globalpointer_crossentropy,
)

pytestmark = pytest.mark.slow

KINDS = ["efficient", "standard"]


def make_factors(kind, seed=0, texts=3, length=11, labels=4, size=8, scale=1.0, spread=1.0):
    """Draw float32 factors; `scale` is the size of the logits, `spread` that of the end biases."""
    rng = np.random.default_rng(seed)
    per_label = [labels] if kind == "standard" else []
    query, key = (
        rng.normal(size=[texts, length, *per_label, size]).astype("float32") * scale**0.5
        for _ in range(2)
    )
    if kind == "standard":
        return [query, key]
    start, end = (rng.normal(size=[texts, labels, length]).astype("float32") for _ in range(2))
    return [query, key, start * scale, end * spread]


def as_factors(arrays):
    return PointerFactors(*arrays, *[None] * (4 - len(arrays)))


def make_labels(seed=0, texts=3, length=11, labels=4, count=3):
    """Draw pairs with duplicates, padding, masked cells and cells below the diagonal."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, length, [texts, labels, count, 2])
    pairs[:, :, -1] = pairs[:, :, 0]
    pairs[0, 0] = 0
    return pairs


def make_mask(texts=3, length=11):
    return np.arange(length) < np.array([length, length - 4, 1])[:texts, None]


def by_definition(arrays, labels, mask, tril_mask):
    """Return the loss `[B]` and the gradient of every factor, in float64, cell by cell."""
    query, key, *biases = (np.asarray(array, np.float64) for array in arrays)
    texts, length, size = query.shape[0], query.shape[1], query.shape[-1]
    losses = np.zeros(texts)
    slopes = np.zeros([texts, labels.shape[1], length, length])
    for b, h in np.ndindex(*slopes.shape[:2]):
        q, k = (query[b, :, h], key[b, :, h]) if query.ndim == 4 else (query[b], key[b])
        scores = q @ k.T / size**0.5
        if biases:
            scores = scores + biases[0][b, h][:, None] + biases[1][b, h]
        valid = mask[b][:, None] & mask[b] & (np.tri(length).T > 0 if tril_mask else True)
        valid[0, 0] = False
        positive = np.zeros_like(valid)
        for m, n in labels[b, h]:
            if 0 <= m < length and 0 <= n < length:
                positive[m, n] = True
        positive &= valid
        for chosen, sign in ((positive, -1.0), (valid & ~positive, 1.0)):
            exponents = np.where(chosen, sign * scores, -np.inf)
            top = max(exponents.max(), 0.0)
            total = np.exp(-top) + np.exp(exponents - top).sum()
            losses[b] += top + np.log(total)
            slopes[b, h] += sign * np.exp(exponents - top) / total
    products = slopes / size**0.5
    if query.ndim == 4:
        gradients = [
            np.einsum("bhmn,bnhs->bmhs", products, key),
            np.einsum("bhmn,bmhs->bnhs", products, query),
        ]
    else:
        gradients = [
            np.einsum("bhmn,bns->bms", products, key),
            np.einsum("bhmn,bms->bns", products, query),
            slopes.sum(axis=3),
            slopes.sum(axis=2),
        ]
    return losses, gradients


def measured(arrays, labels, mask, tril_mask, loss=factorized_globalpointer_crossentropy):
    bounds = factorized.SAFE_SPREAD, chunked_losses.CHUNK_SCORES["CPU"]
    run = traced(loss, tril_mask, len(arrays), arrays[0].shape[-1], *bounds)
    losses, gradients = run(*map(tf.convert_to_tensor, (labels, mask, *arrays)))
    return losses.numpy(), [gradient.numpy() for gradient in gradients]


@functools.cache
def traced(loss, tril_mask, arrays, size, *bounds):
    """Return a function traced for few shapes; the bounds, which tests change, are in its graph."""

    @tf.function(reduce_retracing=True)
    def run(labels, mask, *variables):
        with tf.GradientTape() as tape:
            tape.watch(variables)
            losses = loss(labels, as_factors(variables), mask, tril_mask)
            total = tf.reduce_sum(losses)
        return losses, tape.gradient(total, variables)

    return run


def dense_form(labels, factors, mask, tril_mask):
    return globalpointer_crossentropy(labels, pointer_logits(factors, mask, tril_mask))


def assert_right(arrays, labels, mask, tril_mask, tolerance=1e-5):
    losses, gradients = measured(arrays, labels, mask, tril_mask)
    expected, expected_gradients = by_definition(arrays, labels, mask, tril_mask)
    np.testing.assert_allclose(losses, expected, rtol=tolerance, atol=1e-6)
    for got, want in zip(gradients, expected_gradients, strict=True):
        assert np.abs(got - want).max() <= tolerance * max(np.abs(want).max(), 1e-30)


@pytest.mark.parametrize("tril_mask", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_loss_and_gradients_by_definition(seed, kind, tril_mask):
    arrays, labels = make_factors(kind, seed), make_labels(seed)
    assert_right(arrays, labels, make_mask(), tril_mask)


@pytest.mark.parametrize("tril_mask", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("length", "count", "scale"),
    [(1, 1, 1.0), (2, 3, 5.0), (33, 40, 20.0), (64, 5, 60.0), (130, 2, 30.0)],
)
def test_its_error_is_the_dense_forms(kind, tril_mask, length, count, scale):
    arrays = make_factors(kind, 1, 2, length, 3, scale=scale, spread=min(scale, 5.0))
    labels = make_labels(2, 2, length, 3, count)
    mask = np.arange(length) < np.array([length, max(length - 1, 1)])[:, None]
    expected, expected_gradients = by_definition(arrays, labels, mask, tril_mask)
    ours = measured(arrays, labels, mask, tril_mask)
    dense = measured(arrays, labels, mask, tril_mask, dense_form)
    # The dense form's own error can be zero by chance, so allow a few units in the last place.
    for got, plain, want in zip(
        [ours[0], *ours[1]], [dense[0], *dense[1]], [expected, *expected_gradients], strict=True
    ):
        floor = 4e-7 * max(np.abs(want).max(), 1.0) * (1 + scale)
        assert np.abs(got - want).max() <= 2 * np.abs(plain - want).max() + floor


@pytest.mark.parametrize("tril_mask", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_positive(kind, tril_mask):
    places = np.stack(np.meshgrid(np.arange(11), np.arange(11), indexing="ij"), -1)
    labels = np.broadcast_to(places.reshape(1, 1, 121, 2), [3, 4, 121, 2])
    assert_right(make_factors(kind), labels, make_mask(), tril_mask)


@pytest.mark.parametrize("kind", KINDS)
def test_no_positives(kind):
    assert_right(make_factors(kind), np.zeros([3, 4, 1, 2], int), make_mask(), False)


@pytest.mark.parametrize("kind", KINDS)
def test_all_tokens_masked(kind):
    losses, gradients = measured(make_factors(kind), make_labels(), np.zeros([3, 11], bool), False)
    np.testing.assert_array_equal(losses, 0)
    assert all((gradient == 0).all() for gradient in gradients)


@pytest.mark.parametrize("tril_mask", [True, False])
@pytest.mark.parametrize("spread", [10.0, 40.0, 300.0])
def test_any_spread_of_the_end_biases(spread, tril_mask):
    arrays = make_factors("efficient", spread=spread)
    ends = np.ptp(arrays[3], axis=-1).max()
    assert (ends < split_losses.SAFE_SPREAD) == (spread < 20)
    assert_right(arrays, make_labels(), make_mask(), tril_mask, tolerance=3e-5)


def test_both_sides_of_the_bound_agree(monkeypatch):
    arrays, labels, mask = make_factors("efficient"), make_labels(), make_mask()
    split = measured(arrays, labels, mask, True)
    monkeypatch.setattr("gplinker_tf.losses.factorized.SAFE_SPREAD", -1.0)
    chunked = measured(arrays, labels, mask, True)
    np.testing.assert_allclose(split[0], chunked[0], rtol=1e-6)
    for one, other in zip(split[1], chunked[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("chunk", [1, 3 * 121, 2 * 7 * 121, 10**9])
def test_chunks_change_nothing(chunk, monkeypatch):
    arrays, labels, mask = make_factors("standard", labels=7), make_labels(labels=7), make_mask()
    monkeypatch.setitem(chunked_losses.CHUNK_SCORES, "CPU", chunk)
    assert_right(arrays, labels, mask, False)


def test_losses_of_all_sizes_share_their_trace():
    for kind in KINDS:
        for labels, tril_mask in [(2, True), (7, False)]:
            arrays = make_factors(kind, labels=labels)
            measured(arrays, make_labels(labels=labels), make_mask(), tril_mask)
    measured(make_factors("efficient", size=16, spread=100.0), make_labels(), make_mask(), True)
    for function in (chunked_losses.chunked_losses, factorized._losses_with_biases):
        assert function.experimental_get_tracing_count() == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_half_precision_factors_are_computed_in_float32(kind, dtype):
    arrays = make_factors(kind)
    half = [tf.cast(array, dtype) for array in arrays]
    losses, gradients = measured(half, make_labels(), make_mask(), True)
    expected, expected_gradients = measured(
        [tf.cast(array, tf.float32) for array in half], make_labels(), make_mask(), True
    )
    assert losses.dtype == np.float32
    np.testing.assert_array_equal(losses, expected)
    for got, want in zip(gradients, expected_gradients, strict=True):
        np.testing.assert_array_equal(got, tf.cast(want, dtype))


@pytest.mark.parametrize("kind", KINDS)
def test_no_tensor_of_all_scores_is_made(kind, monkeypatch):
    texts, length, labels = 2, 32, 50
    monkeypatch.setitem(chunked_losses.CHUNK_SCORES, "CPU", texts * length * length * 5)
    arrays = make_factors(kind, 0, texts, length, labels)
    pairs = make_labels(0, texts, length, labels)
    mask = np.ones([texts, length], bool)
    with tf.GradientTape() as tape:
        variables = [tf.constant(array) for array in arrays]
        tape.watch(variables)
        seen = eager_sizes(
            lambda: tape.gradient(
                tf.reduce_sum(
                    factorized_globalpointer_crossentropy(pairs, as_factors(variables), mask)
                ),
                variables,
            )
        )
    assert max(seen) < texts * labels * length * length / 2


def eager_sizes(compute):
    """Return the sizes of all results of operations that `compute` runs, including traced ones."""
    from tensorflow.python.framework import op_callbacks

    sizes = []

    def callback(op_type, inputs, attributes, outputs, op_name=None, graph=None):
        sizes.extend(int(np.prod(o.shape)) for o in outputs if o.shape.is_fully_defined())

    tf.config.run_functions_eagerly(True)
    op_callbacks.add_op_callback(callback)
    try:
        compute()
    finally:
        tf.config.run_functions_eagerly(False)
        op_callbacks.remove_op_callback(callback)
    assert sizes
    return sizes
