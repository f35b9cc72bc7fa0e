"""The distillation loss, compared with its formula in float64."""

import numpy as np
import pytest
from test_factorized import KINDS, as_factors, make_factors, make_mask, measured

from gplinker_tf.layers import pointer_logits
from gplinker_tf.losses import distillation_crossentropy
from gplinker_tf.losses.distillation import LOWEST


def by_formula(targets, scores, mask, tril_mask):
    """Return the loss `[B]` and its gradient at each score, in float64."""
    valid = mask[:, None, :, None] & mask[:, None, None, :] & np.ones(scores.shape, bool)
    if tril_mask:
        valid &= np.tri(scores.shape[-1]).T > 0
    valid[..., 0, 0] = False
    share = np.where(targets > LOWEST, 1 / (1 + np.exp(-2 * targets)), 0.0)
    positive, negative = (
        np.where(valid, part, 0.0)
        for part in (share * np.exp(-scores), (1 - share) * np.exp(scores))
    )
    sums = [1 + part.sum(axis=(2, 3), keepdims=True) for part in (positive, negative)]
    slopes = negative / sums[1] - positive / sums[0]
    return sum(np.log(total).sum(axis=(1, 2, 3)) for total in sums), slopes


@pytest.mark.parametrize("tril_mask", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_loss_and_gradients_by_formula(kind, tril_mask):
    arrays, mask = make_factors(kind, scale=2.0), make_mask()
    targets = np.random.default_rng(1).normal(-4.0, 3.0, [3, 4, 11, 11])
    scores = pointer_logits(as_factors(arrays)).numpy().astype(np.float64)
    want, slopes = by_formula(targets, scores, mask, tril_mask)
    losses, gradients = measured(
        arrays, targets.astype(np.float32), mask, tril_mask, distillation_crossentropy
    )
    np.testing.assert_allclose(losses, want, rtol=1e-5)
    query, key = (np.asarray(array, np.float64) for array in arrays[:2])
    keys = "bnhs" if kind == "standard" else "bns"
    by_query = np.einsum(f"bhmn,{keys}->{keys.replace('n', 'm')}", slopes, key)
    np.testing.assert_allclose(gradients[0], by_query / query.shape[-1] ** 0.5, atol=1e-5)
    if kind == "efficient":
        np.testing.assert_allclose(gradients[3], slopes.sum(axis=2), atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_teachers_scores_are_the_minimum(kind):
    arrays, mask = make_factors(kind, scale=0.5), make_mask()
    targets = pointer_logits(as_factors(arrays)).numpy()
    _, gradients = measured(arrays, targets, mask, False, distillation_crossentropy)
    for gradient in gradients:
        np.testing.assert_allclose(gradient, 0.0, atol=1e-5)


def test_scores_as_a_teacher_that_is_certain_are_labels():
    arrays, mask = make_factors("efficient"), make_mask()
    rng = np.random.default_rng(2)
    positive = rng.random([3, 4, 11, 11]) < 0.03
    positive[..., 0, 0] = False
    labels = np.zeros([3, 4, positive.sum(axis=(2, 3)).max(), 2], int)
    for b, h in np.ndindex(3, 4):
        pairs = np.argwhere(positive[b, h])
        labels[b, h, : len(pairs)] = pairs
    targets = np.where(positive, 99.0, -99.0).astype(np.float32)
    taught = measured(arrays, targets, mask, True, distillation_crossentropy)
    labeled = measured(arrays, labels, mask, True)
    np.testing.assert_allclose(taught[0], labeled[0], rtol=1e-6)
    for got, want in zip(taught[1], labeled[1], strict=True):
        np.testing.assert_allclose(got, want, atol=1e-6)
