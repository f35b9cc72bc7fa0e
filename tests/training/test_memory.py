"""The estimate of `--dry-run` counts the memory of the task layers, and says what fits."""

import re

import pytest
from tiny import tiny_batch, tiny_variant

from gplinker_tf.backend import tf
from gplinker_tf.comparison import VARIANTS
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.structures import Schema
from gplinker_tf.training import TrainingOptions, memory
from gplinker_tf.training.preparation import new_extractor


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
    assert model.activations_per_text(token_ids.shape[1]) >= 2 * values > 0


@pytest.fixture(scope="module")
def extractor(sample):
    schema = Schema((("", "x", ""),))
    encoder = EncoderFolder.open(sample, weights_required=False)
    return new_extractor(encoder, schema, TrainingOptions(recipe="blog"))


@pytest.mark.parametrize(
    ("batch_size", "share", "way"),
    [
        (64, 1.1, None),
        (64, 0.6, r"it fits with --accumulation 2\."),
        (64, 0.3, r"it fits with --accumulation 4\."),
        (1, 0.8, r"it fits with --accumulation 1 and --max-length 64\."),
        (1, 0.0, "use fewer --encoder-layers"),
    ],
)
def test_what_fits_this_machine(extractor, monkeypatch, batch_size, share, way):
    options = TrainingOptions(recipe="blog", batch_size=batch_size, averaging=None)
    weights, activations = memory.estimate(extractor, options)
    # With accumulation, two more values per weight are kept, in addition to the four.
    kept = weights * 1.5 if batch_size > 1 and share < 1 else weights
    room = (kept + share * activations) / 2**30 if share else 1e-9
    monkeypatch.setattr(memory, "memory_gibibytes", lambda: room)
    line = memory.memory_in_words(extractor, options)
    assert way is None or re.search(f"This machine has .* GiB: {way}", line)
    assert way is not None or "This machine" not in line


def test_the_memory_of_a_container(monkeypatch, tmp_path):
    whole = memory.memory_gibibytes()
    assert whole > 0.5
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "CONTAINER_LIMIT", limit)
    limit.write_text("268435456\n")
    assert memory.memory_gibibytes() == 0.2
    limit.write_text("max\n")
    assert memory.memory_gibibytes() >= whole
