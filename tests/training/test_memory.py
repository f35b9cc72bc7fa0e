"""The estimate of `--dry-run` counts what a model's own layers hold."""

import pytest
from tiny import tiny_batch, tiny_variant

from gplinker_tf.backend import tf
from gplinker_tf.table.variants import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_loss_reads_is_counted_with_its_gradient(variant):
    model = tiny_variant(variant)
    (token_ids, segment_ids), _ = tiny_batch()
    inputs = [token_ids[:1], segment_ids[:1]]
    if variant == "casrel":
        read = model([*inputs, tf.constant([[1, 2]])])["object"]
    elif variant == "gplinker-multihot":
        read = model(inputs)
    elif model.kind == "gplinker":
        read = model.factors(inputs)[:-1]
    else:
        read = model.factors(inputs).tags
    values = sum(int(tf.size(tensor)) for tensor in tf.nest.flatten(read) if tensor is not None)
    assert model.values_a_text(token_ids.shape[1]) >= 2 * values > 0
