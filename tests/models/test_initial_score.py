"""The scores of a new model before its first step."""

import numpy as np
import pytest
from tiny import tiny_batch, tiny_variant

from gplinker_tf.backend import tf
from gplinker_tf.comparison import VARIANTS
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer

SCORE = -7.0


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_score_begins_near_it(variant):
    model = tiny_variant(variant)
    inputs, _ = tiny_batch(texts=2, length=9)
    inputs = [tf.constant(array) for array in inputs]
    model.set_initial_score(SCORE)
    none, found = (
        len(model.decode(inputs, threshold, 10_000)[0].score)
        for threshold in (SCORE + 2.5, SCORE - 2.5)
    )
    assert not none and found > 100


@pytest.mark.parametrize("layer", [EfficientGlobalPointer, GlobalPointer])
@pytest.mark.parametrize("rotary", [True, False])
def test_a_layers_pairs_begin_near_it_in_a_long_text(layer, rotary):
    pointer = layer(3, 64, RoPE=rotary, tril_mask=False)
    inputs = tf.random.stateless_normal([1, 512, 16], [1, 2]) * 0.1
    before = pointer(inputs).numpy()
    pointer.set_initial_score(SCORE)
    scores = pointer(inputs).numpy()
    np.testing.assert_allclose(scores.mean() - before.mean(), SCORE, atol=0.7)
    assert scores.max() < SCORE / 2


def test_a_layer_that_cannot():
    with pytest.raises(ValueError, match="use_bias=False, score=-7"):
        GlobalPointer(2, 8, use_bias=False).set_initial_score(SCORE)
    with pytest.raises(ValueError, match="a score of at most 0"):
        EfficientGlobalPointer(2, 8).set_initial_score(1.0)
